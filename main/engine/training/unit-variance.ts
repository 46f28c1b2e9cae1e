import type { ExpandedNetwork, Layer } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import type { Layout } from '../graph/layout'
import { forwardLayer, tensorsByLayer } from '../graph/passes'
import { TensorGraph } from '../graph/tensor-graph'
import type { Batch } from '../network-session'
import { Session } from '../tensorflow/session'

const NAMES = { parameters: 'parameters', images: 'images', variances: 'variances' } as const
/** A variance below it is none: a kernel of zeros stays one. */
const LEAST = 1e-30

/**
 * Layer-sequential unit variance (Mishkin and Matas 2016, arXiv 1511.06422): from the first layer to the last, each kernel is divided by the deviation of what leaves its
 * layer on this batch, in training mode. What leaves a layer is linear in its kernel and its bias, which is divided too where it is none of 0, so one division does what the paper repeats until it is near enough, and one pass
 * that divides as it goes finds all deviations. A standardised convolution has no use for its kernel's size: its gains are divided.
 *
 * @param values Parameters in their layout, which are changed.
 */
export function setUnitVariance(
  network: ExpandedNetwork,
  layout: Layout,
  values: Float32Array,
  { images, labels, key = [0, 0] }: Batch,
  threads: number,
): void {
  const scaled = network.layers.flatMap((layer, i) => (i <= network.logits && isWeighted(layer) ? [i] : []))
  if (scaled.length === 0) return
  const shape = [labels.length, ...network.layers[network.input]!.shape]
  const session = Session.open(dividingPass(network, layout, shape, key, scaled), { threads, parallelOperations: 2 })
  try {
    const feeds = {
      [NAMES.images]: { shape, values: images },
      [NAMES.parameters]: { shape: [values.length], values },
    }
    const variances = session.run(feeds, [NAMES.variances])[0] as Float32Array
    scaled.forEach((index, i) => {
      const variance = variances[i]!
      if (!(variance >= LEAST) || !Number.isFinite(variance)) return
      const role = scaledRole(network.layers[index]!)
      for (const { offset, length } of layout.slots.filter((slot) => slot.layer === index && [role, 'bias'].includes(slot.role)))
        for (let at = offset; at < offset + length; at++) values[at] = values[at]! / Math.sqrt(variance)
    })
  } finally {
    session.close()
  }
}

/** What a division of what leaves a layer is a division of. */
const scaledRole = ({ op }: Layer): 'scale' | 'kernel' => (op.actingKernel || op.actsOtherwise ? 'scale' : 'kernel')

/** An orthogonal convolution has a kernel that nothing scales. */
const isWeighted = (layer: Layer): boolean =>
  layer.parameters.some(({ role }) => role === 'kernel') && layer.parameters.some(({ role }) => role === scaledRole(layer))

/** The forward pass whose weighted layers' values are divided by their deviations; those layers' variances can be fetched. */
function dividingPass(
  network: ExpandedNetwork,
  layout: Layout,
  shape: readonly number[],
  key: readonly [number, number],
  scaled: readonly number[],
): TensorGraph['nodes'] {
  const g = new TensorGraph()
  const images = g.placeholder(NAMES.images, shape)
  const inputs = {
    images,
    labels: g.constant(new Array<number>(shape[0]!).fill(0), [shape[0]!], 'int32'),
    parameters: tensorsByLayer(g, g.placeholder(NAMES.parameters, [layout.length]), layout),
    statistics: new Map<number, Record<string, Tensor>>(),
    training: true,
    key: g.constant([...key], [2], 'int32'),
  }
  const outputs: Tensor[] = []
  const variances: Tensor[] = []
  const one = g.constant(1)
  for (let i = 0; i <= network.logits; i++) {
    const entering = i === network.input ? [images] : network.layers[i]!.inputs.map((j) => outputs[j]!)
    const { output } = forwardLayer(g, network, i, entering, inputs, '')
    if (!scaled.includes(i)) {
      outputs.push(output)
      continue
    }
    const axes = output.shape.map((_, axis) => axis)
    const variance = g.reshape(g.meanOver(g.square(g.subtract(output, g.meanOver(output, axes))), axes), [1])
    const isThere = g.atLeast(variance, LEAST)
    const divisor = g.add(g.multiply(variance, isThere), g.subtract(one, isThere))
    outputs.push({ ...g.multiply(output, g.inverseRoot(divisor)), shape: output.shape })
    variances.push(variance)
  }
  // TensorFlow joins two or more.
  g.named(NAMES.variances, variances.length > 1 ? g.concatenate(variances, 0, [variances.length]) : variances[0]!)
  return g.nodes
}
