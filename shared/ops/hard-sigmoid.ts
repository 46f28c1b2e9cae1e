import { z } from 'zod'
import { whereInside } from './clipped-relu'
import type { Graph, Tensor } from './graph'
import { defineOp, elements } from './op'

/** x/6 + 1/2, cut at 0 and 1: the sigmoid in three straight pieces (Howard et al. 2019). Its gradient at both ends is 0. */
export const hardSigmoid = defineOp({
  kind: 'hard-sigmoid',
  title: 'Hard sigmoid',
  category: 'Activation',
  description: 'x/6 + 1/2, cut at 0 and 1: a sigmoid in three straight pieces.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 4 * elements(output),
  forward: (g, { inputs: [x] }) => ({ output: hardShare(g, x!) }),
  gradient: (g, { output, dy }) => ({ inputs: [whereInside(g, g.scale(dy, 1 / 6), output, 1)] }),
})

/** x/6 + 1/2, cut at 0 and 1. */
export const hardShare = (g: Graph, x: Tensor): Tensor => g.atMost(g.relu(g.add(g.scale(x, 1 / 6), g.constant(1 / 2))), 1)
