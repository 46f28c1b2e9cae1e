import { z } from 'zod'
import { defineOp, elements } from './op'

/** x·σ(x), σ the logistic function (Ramachandran et al. 2017; SiLU of Elfwing et al. 2018). */
export const swish = defineOp({
  kind: 'swish',
  title: 'Swish',
  category: 'Activation',
  description: 'x·σ(x), σ the logistic function; also called SiLU.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 5 * elements(output),
  forward(g, { inputs: [x] }) {
    const share = g.sigmoid(x!)
    return { output: g.multiply(x!, share), saved: [share] }
  },
  // d(xσ)/dx = σ + xσ(1 − σ) = σ + y(1 − σ).
  gradient(g, { output, saved: [share], dy }) {
    const slope = g.add(share!, g.multiply(output, g.subtract(g.constant(1), share!)))
    return { inputs: [g.multiply(dy, slope)] }
  },
})
