import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, image } from './op'

/** The skip without parameters of He et al. 2015 (option A): every stride-th pixel, zeros for the channels that are new. */
export const paddingShortcut = defineOp({
  kind: 'padding-shortcut',
  title: 'Padding shortcut',
  category: 'Joining',
  description: 'The skip without parameters: every stride-th pixel, zeros for new channels.',
  example: { filters: 32 },
  attributes: z.strictObject({
    filters: z.number().int().min(1).max(65_536).describe('output channels').meta({ grows: 'twofold' }),
    stride: z.number().int().min(1).max(64).default(2).describe('step from one kept pixel to the next').meta({ unit: 'pixels' }),
    side: z
      .enum(['after', 'both'])
      .default('after')
      .describe('after: new channels behind the old ones; both: half of them before'),
  }),
  arity: [1, 1],
  window: ({ stride }) => ({ size: 1, stride }),
  shape([x], { filters, stride }) {
    const { height, width, channels } = image(x)
    if (filters < channels) throw new MisfitError('fewer-filters', { filters, channels })
    return [Math.ceil(height / stride), Math.ceil(width / stride), filters]
  },
  flops: () => 0,
  forward(g, { inputs: [x], attributes: { filters, stride, side } }) {
    const kept = stride === 1 ? x! : g.subsample(x!, stride)
    const added = filters - x!.shape[3]!
    const before = newBefore(side, added)
    return { output: g.padChannels(kept, before, added - before) }
  },
  gradient(g, { inputs: [x], attributes: { filters, stride, side }, dy }) {
    const kept = g.sliceChannels(dy, newBefore(side, filters - x!.shape[3]!), x!.shape[3]!)
    return { inputs: [stride === 1 ? kept : g.subsampleGradient(x!.shape, kept, stride)] }
  },
})

/** New channels before the old ones. Of an odd number the greater half comes behind. */
export function newBefore(side: 'after' | 'both', added: number): number {
  return side === 'both' ? Math.floor(added / 2) : 0
}
