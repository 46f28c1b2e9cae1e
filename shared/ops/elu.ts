import { z } from 'zod'
import { defineOp, elements } from './op'

/** x where it is positive, exp(x) − 1 elsewhere (Clevert et al. 2016). */
export const elu = defineOp({
  kind: 'elu',
  title: 'ELU',
  category: 'Activation',
  description: 'x where it is positive, exp(x) − 1 elsewhere.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 2 * elements(output),
  forward: (g, { inputs }) => ({ output: g.elu(inputs[0]!) }),
  gradient: (g, { output, dy }) => ({ inputs: [g.eluGradient(dy, output)] }),
})
