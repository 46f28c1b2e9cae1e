import { z } from 'zod'
import { defineOp, elements } from './op'

/** x·Φ(x), Φ the normal distribution function, exactly, by erf (Hendrycks and Gimpel 2016). */
export const gelu = defineOp({
  kind: 'gelu',
  title: 'GELU',
  category: 'Activation',
  description: 'x·Φ(x), Φ the normal distribution function.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 8 * elements(output),
  forward(g, { inputs: [x] }) {
    const share = g.scale(g.add(g.constant(1), g.erf(g.scale(x!, Math.SQRT1_2))), 0.5)
    return { output: g.multiply(x!, share), saved: [share] }
  },
  // d(xΦ)/dx = Φ + xφ, φ(x) = exp(−x²/2)/√(2π).
  gradient(g, { inputs: [x], saved: [share], dy }) {
    const density = g.scale(g.exp(g.scale(g.square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI))
    return { inputs: [g.multiply(dy, g.add(share!, g.multiply(x!, density)))] }
  },
})
