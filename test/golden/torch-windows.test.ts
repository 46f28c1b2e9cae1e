import path from 'node:path'
import { describe, it } from 'vitest'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { ops } from '../../shared/ops'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'

/** Convolutions and pools padded and dilated as PyTorch does it (reference/torch/make_windows.py). */
const file = SafetensorsReader.open(path.join(__dirname, 'reference/torch/windows.safetensors'))
const cases = JSON.parse(file.metadata['cases']!) as {
  readonly name: string
  readonly kind: string
  readonly attributes: Record<string, unknown>
}[]

describe('layers whose windows lie as PyTorch’s do', () => {
  it.each(cases)('have its value and its gradients: $name', ({ name, kind, attributes: given }) => {
    const op = ops.get(kind)!
    const attributes = op.attributes.parse(given) as Record<string, unknown>
    const tensor = (part: string) => ({ shape: file.info(`${name}.${part}`).shape, values: file.readFloats(`${name}.${part}`) })
    const hasKernel = file.has(`${name}.kernel`)
    const feeds = { x: tensor('x'), dy: tensor('dy'), ...(hasKernel && { kernel: tensor('kernel') }) }
    const [y, dx, dk] = evaluate((g) => {
      const x = g.placeholder('x', feeds.x.shape)
      const parameters = feeds.kernel ? { kernel: g.placeholder('kernel', feeds.kernel.shape) } : {}
      const common = { attributes, inputs: [x], parameters, statistics: {}, training: true }
      const labels = g.constant([0], [1], 'int32')
      const key = g.constant([0, 0], [2], 'int32')
      const { output, saved = [] } = op.forward(g, { ...common, labels, labelSmoothing: 0, key, index: 1 })
      const dy = g.placeholder('dy', feeds.dy.shape)
      const gradient = op.gradient(g, { ...common, output, saved, dy, wanted: [true] })
      return [output, gradient.inputs[0]!, ...Object.values(gradient.parameters ?? {})]
    }, feeds)
    expectClose(y!, file.readFloats(`${name}.y`), 1e-5, `${name} value`)
    expectClose(dx!, file.readFloats(`${name}.dx`), 1e-5, `${name} d/dx`)
    if (hasKernel) expectClose(dk!, file.readFloats(`${name}.dkernel`), 1e-5, `${name} d/dkernel`)
  })
})
