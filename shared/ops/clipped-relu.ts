import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { defineOp, elements } from './op'

/** min(max(x, 0), most): MobileNet's ReLU6 (Krizhevsky 2010; Sandler et al. 2018). Its gradient at both ends is 0. */
export const clippedRelu = defineOp({
  kind: 'clipped-relu',
  title: 'Clipped ReLU',
  category: 'Activation',
  description: 'max(x, 0), and no more than a largest value; ReLU6 where that is 6.',
  attributes: z.strictObject({
    most: z.number().min(1e-45).max(3.4e38).default(6).describe('largest value that leaves it'),
  }),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 2 * elements(output),
  forward: (g, { inputs: [x], attributes: { most } }) => ({ output: g.atMost(g.relu(x!), most) }),
  gradient: (g, { output, attributes: { most }, dy }) => ({ inputs: [whereInside(g, dy, output, most)] }),
})

/** x where the clipped value is neither 0 nor the most, 0 elsewhere. */
export const whereInside = (g: Graph, x: Tensor, clipped: Tensor, most: number): Tensor =>
  g.reluGradient(g.reluGradient(x, clipped), g.subtract(g.constant(most), clipped))
