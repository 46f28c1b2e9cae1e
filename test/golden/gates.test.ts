import { describe, expect, it } from 'vitest'
import { ops } from '../../shared/ops'
import { evaluate } from './support/expression'
import { expectClose } from './support/compare'
import { golden } from './support/reference'

const context = { statistics: {}, parameters: {}, labelSmoothing: 0, index: 0, training: true }
const file = golden('torch/gates')

/** See reference/torch/make_gates.py. */
describe('an activation that ends somewhere', () => {
  it.each(['clipped-relu', 'sigmoid', 'hard-sigmoid', 'hard-swish'])(
    'has PyTorch’s values and gradients, where its pieces meet as well: %s',
    (kind) => {
      const op = ops.get(kind)!
      const read = (name: string) => ({ shape: [4, 16], values: file.floats(name) })
      const attributes = op.attributes.parse({})
      const [y, dx] = evaluate(
        (g) => {
          const [x, dy] = ['x', 'dy'].map((name) => g.placeholder(name, [4, 16])) as [ReturnType<typeof g.placeholder>, ReturnType<typeof g.placeholder>] // prettier-ignore
          const shared = { ...context, attributes, inputs: [x] }
          const { output, saved = [] } = op.forward(g, {
            ...shared,
            labels: g.constant([0], [1], 'int32'),
            key: g.constant([0, 0], [2], 'int32'),
          })
          return [output, op.gradient(g, { ...shared, output, saved, dy, wanted: [true] }).inputs[0]!]
        },
        { x: read('x'), dy: read('dy') },
      )
      expectClose(y as Float32Array, file.floats(`${kind}.y`), 1e-6, `${kind} y`)
      expectClose(dx as Float32Array, file.floats(`${kind}.dx`), 1e-6, `${kind} dx`)
      expect(op.shape([[4, 16, 2]], attributes)).toEqual([4, 16, 2])
    },
  )
})
