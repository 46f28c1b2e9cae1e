import { describe, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { expand, networkFromPreset } from '../../shared/architecture'
import { ops } from '../../shared/ops'
import type { Tensor } from '../../shared/ops/graph'
import { evaluate } from './support/expression'
import { expectClose } from './support/compare'
import { golden, goldenVector } from './support/reference'

/** See reference/torch/make_gates.py. */
const file = golden('torch/gates')

/** What leaves a layer, and the gradient of each input, for values of the file. */
function passesOf(kind: string, shapes: readonly (readonly number[])[], inputs: readonly string[], dy: string): Float32Array[] {
  const op = ops.get(kind)!
  const names = [...inputs, dy]
  const sides = [...shapes, op.shape(shapes.map((shape) => shape.slice(1)), {})].map((shape, i) => (i < shapes.length ? shape : [shapes[0]![0]!, ...shape])) // prettier-ignore
  const feeds = Object.fromEntries(names.map((name, i) => [`v${i}`, { shape: sides[i]!, values: file.floats(name) }]))
  return evaluate((g) => {
    const tensors: Tensor[] = names.map((_, i) => g.placeholder(`v${i}`, sides[i]!))
    const shared = { attributes: op.attributes.parse({}), inputs: tensors.slice(0, -1), parameters: {}, statistics: {}, training: true } // prettier-ignore
    const nothing = { labels: g.constant([0], [1], 'int32'), key: g.constant([0, 0], [2], 'int32'), index: 0, labelSmoothing: 0 }
    const { output, saved = [] } = op.forward(g, { ...shared, ...nothing })
    const gradient = op.gradient(g, { ...shared, output, saved, dy: tensors.at(-1)!, wanted: inputs.map(() => true) })
    return [output, ...gradient.inputs.map((one) => one!)]
  }, feeds)
}

describe('an activation that ends somewhere', () => {
  it.each(['clipped-relu', 'sigmoid', 'hard-sigmoid', 'hard-swish'])(
    'has PyTorch’s values and gradients, where its pieces meet as well: %s',
    (kind) => {
      const [y, dx] = passesOf(kind, [[4, 16]], ['x'], 'dy')
      expectClose(y!, file.floats(`${kind}.y`), 1e-6, `${kind} y`)
      expectClose(dx!, file.floats(`${kind}.dx`), 1e-6, `${kind} dx`)
    },
  )
})

describe('a product of two values', () => {
  it.each(['equal', 'channels', 'pixel', 'places'])('has PyTorch’s values and gradients: %s', (name) => {
    const shapes = ['a', 'b'].map((one) => file.shape(`${name}.${one}`))
    const [y, da, db] = passesOf('multiply', shapes, [`${name}.a`, `${name}.b`], `${name}.dy`)
    expectClose(y!, file.floats(`${name}.y`), 1e-6, 'y')
    expectClose(da!, file.floats(`${name}.da`), 1e-6, 'da')
    expectClose(db!, file.floats(`${name}.db`), 1e-6, 'db')
  })
})

describe('squeeze and excitation in a residual net', () => {
  it.each([true, false])('has PyTorch’s logits, gradients and norms at the boundaries, by our own kernels: %s', (ownKernels) => {
    const words = 'se-resnet:blocks=2,widths=4/6,ratio=2,input=8x8x3,classes=3,padding=symmetric'
    const session = new NetworkSession(expand(networkFromPreset(words)), { batch: 4, threads: 1, ownKernels })
    try {
      session.set('parameters', goldenVector(file, session.graph.parameters.slots, 'se.param/'))
      const pass = session.differentiate({ images: file.floats('se.images'), labels: file.integers('se.labels') })
      expectClose(pass.logits, file.floats('se.logits'), 1e-5, 'logits')
      expectClose([pass.measures.loss], file.floats('se.loss'), 1e-5, 'loss')
      for (const { name, offset, length } of session.graph.parameters.slots)
        expectClose(pass.gradients.subarray(offset, offset + length), file.floats(`se.grad/${name}`), 1e-4, name)
      expectClose(pass.measures.norms, file.floats('se.norms'), 1e-4, 'norms')
    } finally {
      session.close()
    }
  })
})
