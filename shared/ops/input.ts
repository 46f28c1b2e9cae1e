import { z } from 'zod'
import { defineOp } from './op'

const side = z.number().int().min(1).max(8192)

/** Where the images enter: height × width × channels, standardised by channel. */
export const input = defineOp({
  kind: 'input',
  title: 'Input',
  category: 'Input and output',
  description: 'Where the images enter, standardised by channel.',
  attributes: z.strictObject({
    height: side.default(32).meta({ unit: 'pixels' }),
    width: side.default(32).meta({ unit: 'pixels' }),
    channels: z.number().int().min(1).max(4096).default(3).describe('3 for colour, 1 for grey'),
  }),
  arity: [0, 0],
  shape: (_, { height, width, channels }) => [height, width, channels],
  flops: () => 0,
  forward: (_, { inputs }) => ({ output: inputs[0]! }),
  gradient: () => ({ inputs: [] }),
})
