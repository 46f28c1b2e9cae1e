import type { ExpandedNetwork } from '../../../shared/architecture'
import type { ParameterRole, StatisticRole } from '../../../shared/ops/op'

/** What a tensor is for, whatever it is called. */
export type Role = ParameterRole | StatisticRole
export type LayerKind = 'convolution' | 'dense' | 'norm'

/** How a tensor's axes come to be the network's: `oihw` from out×in×height×width, `oi` from out×in, and so on. */
export type Turn = 'none' | 'oihw' | 'depthwise' | 'oi' | 'flattened'

/** A tensor that a network wants. */
export interface Wanted {
  /** `stem.conv.kernel`, `statistics/stem.bn.mean`. */
  readonly name: string
  readonly role: Role
  readonly shape: readonly number[]
  /** How PyTorch lays it out, and how it comes from there. */
  readonly torch: { readonly shape: readonly number[]; readonly turn: Turn }
  /** Of a kernel after a flattened image: the image's height, width, channels. */
  readonly image?: readonly number[]
}

/** A layer that has something to be filled, in the order of the network. */
export interface WantedLayer {
  readonly name: string
  readonly kind: LayerKind
  readonly tensors: readonly Wanted[]
}

export function wantedLayers(network: ExpandedNetwork): WantedLayer[] {
  return network.layers.flatMap((layer) => {
    if (layer.parameters.length === 0 && layer.statistics.length === 0) return []
    const input = network.layers[layer.inputs[0]!]!.shape
    const isDepthwise = layer.op.kind === 'depthwise-conv2d'
    const parameters = layer.parameters.map(({ name, role, shape }): Wanted => {
      const image = role === 'kernel' && shape.length === 2 && input.length === 3 ? { image: input } : {}
      return { name: `${layer.name}.${name}`, role, shape, torch: asTorch(role, shape, isDepthwise, input), ...image }
    })
    const statistics = layer.statistics.map(({ name, role, shape }): Wanted => {
      return { name: `statistics/${layer.name}.${name}`, role, shape, torch: { shape, turn: 'none' } }
    })
    const kernel = layer.parameters.find(({ role }) => role === 'kernel')
    const kind = kernel === undefined ? 'norm' : kernel.shape.length === 4 ? 'convolution' : 'dense'
    return [{ name: layer.name, kind, tensors: [...parameters, ...statistics] }]
  })
}

function asTorch(role: Role, shape: readonly number[], isDepthwise: boolean, input: readonly number[]): Wanted['torch'] {
  if (role !== 'kernel') return { shape, turn: 'none' }
  if (shape.length === 2) {
    const isFlattened = input.length === 3 && input[0]! * input[1]! > 1
    return { shape: [shape[1]!, shape[0]!], turn: isFlattened ? 'flattened' : 'oi' }
  }
  const [height, width, channels, filters] = shape as [number, number, number, number]
  return isDepthwise
    ? { shape: [channels * filters, 1, height, width], turn: 'depthwise' }
    : { shape: [filters, channels, height, width], turn: 'oihw' }
}

/** Row-major values in the network's axes, from those of a file. */
export function turned(values: Float32Array, wanted: Pick<Wanted, 'shape' | 'image'>, turn: Turn): Float32Array {
  if (turn === 'none') return values
  const found = new Float32Array(values.length)
  eachEntry(wanted, turn, (own, theirs) => (found[own] = values[theirs]!))
  return found
}

/** The way back: in a file's axes, PyTorch's, from the network's own. */
export function turnedBack(values: Float32Array, wanted: Pick<Wanted, 'shape' | 'image'>, turn: Turn): Float32Array {
  if (turn === 'none') return values
  const found = new Float32Array(values.length)
  eachEntry(wanted, turn, (own, theirs) => (found[theirs] = values[own]!))
  return found
}

/** Where each entry lies in the network's axes, and where in a file's. */
function eachEntry(
  { shape, image }: Pick<Wanted, 'shape' | 'image'>,
  turn: Exclude<Turn, 'none'>,
  visit: (own: number, theirs: number) => void,
): void {
  if (turn === 'oi' || turn === 'flattened') {
    const [rows, columns] = shape as [number, number]
    const [height, width, channels] = turn === 'flattened' ? (image as [number, number, number]) : [1, 1, rows]
    // Ours are flattened height, width, channel; PyTorch's channel, height, width.
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const own = ((y * width + x) * channels + c) * columns
          const theirs = (c * height + y) * width + x
          for (let o = 0; o < columns; o++) visit(own + o, o * rows + theirs)
        }
    return
  }
  const [height, width, channels, filters] = shape as [number, number, number, number]
  const area = height * width
  for (let place = 0; place < area; place++)
    for (let i = 0; i < channels; i++)
      for (let o = 0; o < filters; o++) {
        const theirs = turn === 'oihw' ? (o * channels + i) * area + place : (i * filters + o) * area + place
        visit((place * channels + i) * filters + o, theirs)
      }
}
