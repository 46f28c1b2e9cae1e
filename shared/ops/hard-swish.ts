import { z } from 'zod'
import { whereInside } from './clipped-relu'
import { hardShare } from './hard-sigmoid'
import { defineOp, elements } from './op'

/** x times its hard sigmoid: MobileNetV3's activation (Howard et al. 2019). */
export const hardSwish = defineOp({
  kind: 'hard-swish',
  title: 'Hard swish',
  category: 'Activation',
  description: 'x times its hard sigmoid: 0 up to −3, x from 3 on.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 5 * elements(output),
  held: ([x]) => ({ kept: elements(x!), passing: elements(x!) }),
  forward(g, { inputs: [x] }) {
    const share = hardShare(g, x!)
    return { output: g.multiply(x!, share), saved: [share] }
  },
  // d(x·h)/dx = h + x/6 where h is neither 0 nor 1.
  gradient(g, { inputs: [x], saved: [share], dy }) {
    return { inputs: [g.multiply(dy, g.add(share!, whereInside(g, g.scale(x!, 1 / 6), share!, 1)))] }
  },
})
