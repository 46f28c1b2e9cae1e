import { z } from 'zod'
import { defineOp, elements } from './op'

/** The logistic function σ(x) = 1/(1 + exp(−x)): what opens and closes a gate. */
export const sigmoid = defineOp({
  kind: 'sigmoid',
  title: 'Sigmoid',
  category: 'Activation',
  description: 'The logistic function σ(x) = 1/(1 + exp(−x)), between 0 and 1: what opens and closes a gate.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 4 * elements(output),
  forward: (g, { inputs: [x] }) => ({ output: g.sigmoid(x!) }),
  // dσ/dx = σ(1 − σ).
  gradient: (g, { output, dy }) => ({
    inputs: [g.multiply(dy, g.multiply(output, g.subtract(g.constant(1), output)))],
  }),
})
