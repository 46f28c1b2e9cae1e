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
  }),
  arity: [1, 1],
  window: ({ stride }) => ({ size: 1, stride }),
  shape([x], { filters, stride }) {
    const { height, width, channels } = image(x)
    if (filters < channels) throw new MisfitError('fewer-filters', { filters, channels })
    return [Math.ceil(height / stride), Math.ceil(width / stride), filters]
  },
  flops: () => 0,
  forward(g, { inputs: [x], attributes: { filters, stride } }) {
    const kept = stride === 1 ? x! : g.subsample(x!, stride)
    return { output: g.padChannels(kept, filters - x!.shape[3]!) }
  },
  gradient(g, { inputs: [x], attributes: { stride }, dy }) {
    const kept = g.sliceChannels(dy, 0, x!.shape[3]!)
    return { inputs: [stride === 1 ? kept : g.subsampleGradient(x!.shape, kept, stride)] }
  },
})
