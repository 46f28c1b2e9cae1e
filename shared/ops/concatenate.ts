import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, image } from './op'

/** Its inputs behind one another on channels: a DenseNet's skip. */
export const concatenate = defineOp({
  kind: 'concatenate',
  title: 'Concatenate',
  category: 'Joining',
  description: 'Its inputs behind one another on channels: a DenseNet’s skip.',
  attributes: z.strictObject({}),
  arity: [2, 64],
  shape(inputs) {
    const { height, width } = image(inputs[0])
    const odd = inputs.find((shape) => image(shape).height !== height || image(shape).width !== width)
    if (odd) throw new MisfitError('unequal-sides', { first: inputs[0]!, other: odd })
    return [height, width, inputs.reduce((sum, shape) => sum + shape[2]!, 0)]
  },
  flops: () => 0,
  forward: (g, { inputs }) => ({ output: g.concatenateChannels(inputs) }),
  gradient(g, { inputs, dy, wanted }) {
    let first = 0
    return {
      inputs: inputs.map((x, i) => {
        const channels = x.shape[3]!
        first += channels
        return wanted[i] ? g.sliceChannels(dy, first - channels, channels) : null
      }),
    }
  },
})
