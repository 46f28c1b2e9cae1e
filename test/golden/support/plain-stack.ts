import type { Slot } from '../../../main/engine/graph/layout'
import type { ExpandedNetwork } from '../../../shared/architecture'
import type { NetworkDocument } from '../../../shared/architecture/document'

const SIDE = 6

/**
 * A document of so many blocks [3×3 convolution, ReLU], each a unit, without norm or skip: every block shrinks the gradient by about
 * √½. Without the ReLU a value near 0 may come out on its other side, and the network be another, in no precision.
 */
export function plainStack(depth: number, filters: number, rectified = true): NetworkDocument {
  return {
    format: 'normlab/network',
    version: 1,
    name: `stack of ${depth}`,
    nodes: [
      { id: 'input', kind: 'input', attributes: { height: SIDE, width: SIDE, channels: 1 } },
      {
        id: 'block',
        kind: 'block',
        repeat: depth,
        unit: 'block',
        nodes: [
          { id: 'conv', kind: 'conv2d', attributes: { filters, size: 3 } },
          ...(rectified ? [{ id: 'relu', kind: 'relu' }] : []),
        ],
      },
      { id: 'pool', kind: 'global-average-pool' },
      { id: 'head', kind: 'dense', attributes: { units: 10 } },
      { id: 'loss', kind: 'softmax-cross-entropy' },
    ],
  }
}

/** Norms of such a network's values and gradients in double precision, by the definition of each layer. */
export function plainStackReference(
  network: ExpandedNetwork,
  slots: readonly Slot[],
  parameters: Float32Array,
  { images, labels }: { images: Float32Array; labels: Int32Array },
): { norms: number[]; activations: number[]; gradientNorm: number } {
  const batch = labels.length
  const area = SIDE * SIDE
  const of = (layer: number, local: string): { shape: readonly number[]; values: Float64Array } => {
    const slot = slots.find((candidate) => candidate.layer === layer && candidate.local === local)!
    return { shape: slot.shape, values: Float64Array.from(parameters.subarray(slot.offset, slot.offset + slot.length)) }
  }
  const rectified = network.units[0]!.layers.length > 1
  const kernels = network.units.map(({ layers }) => of(layers[0]!, 'kernel'))
  // Forward: values before the first block and behind each.
  const values = [Float64Array.from(images)]
  for (const { shape, values: kernel } of kernels) {
    const out = new Float64Array(batch * area * shape[3]!)
    taps(batch, shape, (from, to, i, o, at) => (out[to + o]! += values[values.length - 1]![from + i]! * kernel[at]!))
    values.push(rectified ? out.map((value) => Math.max(value, 0)) : out)
  }
  const last = values[values.length - 1]!
  const width = last.length / (batch * area)
  const kernel = of(network.logits, 'kernel').values
  const bias = of(network.logits, 'bias').values
  let squares = 0
  const add = (gradient: ArrayLike<number>): void => {
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! ** 2
  }
  let arriving = new Float64Array(last.length)
  const [dKernel, dBias] = [new Float64Array(kernel.length), new Float64Array(bias.length)]
  for (let n = 0; n < batch; n++) {
    const pooled = Float64Array.from({ length: width }, (_, c) => {
      let sum = 0
      for (let pixel = 0; pixel < area; pixel++) sum += last[(n * area + pixel) * width + c]!
      return sum / area
    })
    const logits = Float64Array.from(bias, (shift, k) =>
      pooled.reduce((sum, value, c) => sum + value * kernel[c * 10 + k]!, shift),
    )
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
    const back = logits.map((logit, k) => (Math.exp(logit) / total - (labels[n] === k ? 1 : 0)) / batch)
    back.forEach((value, k) => {
      dBias[k]! += value
      for (let c = 0; c < width; c++) {
        dKernel[c * 10 + k]! += pooled[c]! * value
        for (let pixel = 0; pixel < area; pixel++)
          arriving[(n * area + pixel) * width + c]! += (value * kernel[c * 10 + k]!) / area
      }
    })
  }
  add(dKernel)
  add(dBias)
  const gradients = [arriving]
  for (let block = kernels.length - 1; block >= 0; block--) {
    const { shape, values: weights } = kernels[block]!
    const through = arriving.map((value, i) => (!rectified || values[block + 1]![i]! > 0 ? value : 0))
    const [dx, dw] = [new Float64Array(values[block]!.length), new Float64Array(weights.length)]
    taps(batch, shape, (from, to, i, o, at) => {
      dx[from + i]! += through[to + o]! * weights[at]!
      dw[at]! += through[to + o]! * values[block]![from + i]!
    })
    add(dw)
    arriving = dx
    gradients.unshift(dx)
  }
  const norm = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return { norms: gradients.map(norm), activations: values.map(norm), gradientNorm: Math.sqrt(squares) }
}

/** Every product of a 3×3 convolution of stride 1 with zeros around it: where it reads, where it writes, and the kernel's entry. */
function taps(
  batch: number,
  shape: readonly number[],
  product: (from: number, to: number, i: number, o: number, at: number) => void,
): void {
  const [, , inputs, outputs] = shape as [number, number, number, number]
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        for (let tap = 0; tap < 9; tap++) {
          const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1]
          if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue
          const from = ((n * SIDE + row) * SIDE + column) * inputs
          const to = ((n * SIDE + y) * SIDE + x) * outputs
          for (let i = 0; i < inputs; i++)
            for (let o = 0; o < outputs; o++) product(from, to, i, o, (tap * inputs + i) * outputs + o)
        }
}
