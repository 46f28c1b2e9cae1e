import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, elements } from './op'

/** The sum of its inputs: where a skip connection comes back. */
export const add = defineOp({
  kind: 'add',
  title: 'Add',
  category: 'Joining',
  description: 'The sum of its inputs: where a skip connection comes back.',
  attributes: z.strictObject({}),
  arity: [2, 64],
  shape(inputs) {
    const odd = inputs.find((shape) => shape.join() !== inputs[0]!.join())
    if (odd) {
      throw new MisfitError('unequal-shapes', { first: inputs[0]!, other: odd })
    }
    return inputs[0]!
  },
  flops: (inputs, _, output) => (inputs.length - 1) * elements(output),
  forward: (g, { inputs }) => ({ output: g.sum(inputs) }),
  gradient: (_, { inputs, dy }) => ({ inputs: inputs.map(() => dy) }),
})
