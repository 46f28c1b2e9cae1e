import type { ExpandedNetwork, Layer } from '../architecture'
import { type ConvolutionPadding, zerosAround } from '../ops/padding'

/** A layer of a network that is linear, as the operator that it is at its input's size. */
export type LayerOperator = ConvolutionLayer | DenseLayer | NormLayer

interface Named {
  /** `stage1.block2.conv1`. */
  readonly name: string
  /** Its unit; null for what lies in none. */
  readonly unit: string | null
}

export interface ConvolutionLayer extends Named {
  readonly kind: 'convolution'
  /** The kernel's; of a layer that makes its kernel of others the name that it has for whoever asks (see `ActingKernel`). */
  readonly parameter: string
  /** [kh, kw, in / groups, out]. A depthwise kernel [kh, kw, channels, multiplier] has the same numbers in the same order. */
  readonly shape: readonly [number, number, number, number]
  /** [height, width] of what enters. */
  readonly sides: readonly [number, number]
  readonly stride: number
  readonly dilation: number
  readonly groups: number
  /** As TensorFlow pads, around the image's edges, or so many zeros on every side. */
  readonly padding: 'same' | 'circular' | number
}

export interface DenseLayer extends Named {
  readonly kind: 'dense'
  readonly parameter: string
  /** [in, out]. */
  readonly shape: readonly [number, number]
}

/** Batch norm in evaluation: a scale a channel, γ/√(σ² + ε), at every pixel. */
export interface NormLayer extends Named {
  readonly kind: 'batch-norm'
  readonly parameter: string
  readonly variance: string
  readonly epsilon: number
  /** [height, width]; [1, 1] of a vector. */
  readonly sides: readonly [number, number]
  readonly channels: number
}

/** The linear layers of a network, in the order of its forward pass. */
export function layerOperators(network: ExpandedNetwork): LayerOperator[] {
  const units = new Map(network.units.flatMap(({ name, layers }) => layers.map((layer) => [layer, name] as const)))
  return network.layers.flatMap((layer, index): LayerOperator[] => {
    const found = operatorOf(layer, units.get(index) ?? null)
    return found ? [found] : []
  })
}

/** The kernel of a convolution as its operator has it. */
export type ConvolutionKernel = Pick<ConvolutionLayer, 'shape' | 'groups' | 'dilation'>

/** What a convolution's kernel joins that it learns as it is; null for a layer that has none. A depthwise convolution has a group a channel. */
export function convolutionKernel({ op, attributes, parameters }: Layer): ConvolutionKernel | null {
  if (op.kind !== 'conv2d' && op.kind !== 'depthwise-conv2d') return null
  const { dilation = 1, groups = 1 } = attributes as Record<string, number>
  const [kh, kw, channels, filters] = parameters[0]!.shape as [number, number, number, number]
  return op.kind === 'depthwise-conv2d'
    ? { shape: [kh, kw, 1, channels * filters], groups: channels, dilation }
    : { shape: [kh, kw, channels, filters], groups, dilation }
}

function operatorOf(layer: Layer, unit: string | null): LayerOperator | null {
  const { name, op, attributes, inputShapes, parameters } = layer
  const named = { name, unit }
  const shape = parameters[0]?.shape ?? []
  const entering = inputShapes[0] ?? []
  const sides = (entering.length === 3 ? entering.slice(0, 2) : [1, 1]) as [number, number]
  if (op.kind === 'dense') return { kind: 'dense', ...named, parameter: `${name}.kernel`, shape: shape as [number, number] }
  if (op.kind === 'batch-norm')
    return {
      ...{ kind: 'batch-norm', ...named, parameter: `${name}.gamma`, variance: `${name}.variance` },
      ...{ epsilon: attributes['epsilon'] as number, sides, channels: shape[0]! },
    }
  const kernel = convolutionKernel(layer) ?? madeKernel(layer)
  if (!kernel) return null
  const { size, stride = 1, padding, zeros } = attributes as Record<string, number> & { padding: ConvolutionPadding }
  const pads = (): 'same' | number =>
    padding === 'same' ? 'same' : zerosAround({ size: size!, padding, zeros: zeros!, dilation: kernel.dilation })
  return {
    ...{ kind: 'convolution', ...named, parameter: `${name}.kernel`, ...kernel },
    ...{ sides, stride },
    padding: op.actingKernel?.wraps ? 'circular' : pads(),
  }
}

/** The same of a kernel that a layer makes of what it learns. */
function madeKernel({ op, attributes, inputShapes }: Layer): ConvolutionKernel | null {
  if (!op.actingKernel) return null
  const { dilation = 1, groups = 1 } = attributes as Record<string, number>
  return { shape: op.actingKernel.shape(inputShapes, attributes), groups, dilation }
}
