import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import type { ForwardResult } from '../../../shared/ops/op'
import type { Layout } from './layout'
import type { Recomputation } from './recomputation'
import type { TensorGraph } from './tensor-graph'

type Named = Readonly<Record<string, Tensor>>

/** The tensors of each layer, cut from the flat vector. */
export function tensorsByLayer(g: TensorGraph, vector: Tensor, layout: Layout): Map<number, Record<string, Tensor>> {
  const byLayer = new Map<number, Record<string, Tensor>>()
  if (layout.slots.length === 0) return byLayer
  const pieces = g.split(
    vector,
    layout.slots.map((slot) => slot.length),
  )
  layout.slots.forEach((slot, i) => {
    const ofLayer = byLayer.get(slot.layer) ?? {}
    ofLayer[slot.local] = g.reshape(pieces[i]!, slot.shape)
    byLayer.set(slot.layer, ofLayer)
  })
  return byLayer
}

/** The reverse: one flat vector of every slot's tensor. */
export function flatten(g: TensorGraph, byLayer: ReadonlyMap<number, Named>, layout: Layout): Tensor {
  const pieces = layout.slots.map((slot) => g.reshape(byLayer.get(slot.layer)![slot.local]!, [slot.length]))
  return g.concatenate(pieces, 0, [layout.length])
}

export interface ForwardPass {
  /** Value and saved tensors of each layer. */
  readonly results: readonly ForwardResult[]
  readonly inputs: ForwardInputs
}

export interface ForwardInputs {
  readonly images: Tensor
  readonly labels: Tensor
  readonly parameters: ReadonlyMap<number, Named>
  readonly statistics: ReadonlyMap<number, Named>
  readonly training: boolean
  /** [2]; see ForwardContext. */
  readonly key: Tensor
  /** Share of the label's probability that is spread over all classes. */
  readonly labelSmoothing?: number
  /** The last layer wanted; the loss where absent. */
  readonly upTo?: number
}

/** The forward pass, layer by layer. */
export function forwardPass(g: TensorGraph, network: ExpandedNetwork, inputs: ForwardInputs): ForwardPass {
  const results: ForwardResult[] = []
  const last = inputs.upTo ?? network.loss
  const scope = inputs.training ? '' : 'evaluation/'
  for (let i = 0; i <= last; i++) {
    const entering = i === network.input ? [inputs.images] : network.layers[i]!.inputs.map((j) => results[j]!.output)
    results.push(forwardLayer(g, network, i, entering, inputs, scope))
  }
  return { results, inputs }
}

/** One layer's forward pass. @param scope Prefix of its nodes' names. @param place Its number for random draws, where not its index. */
export function forwardLayer(
  g: TensorGraph,
  network: ExpandedNetwork,
  index: number,
  entering: readonly Tensor[],
  { parameters, statistics, labels, key, training, labelSmoothing = 0 }: ForwardInputs,
  scope: string,
  place = index,
): ForwardResult {
  const layer = network.layers[index]!
  return g.within(scope + layer.name, () =>
    layer.op.forward(g, {
      attributes: layer.attributes,
      inputs: entering,
      parameters: parameters.get(index) ?? {},
      statistics: statistics.get(index) ?? {},
      labels,
      key,
      index: place,
      labelSmoothing,
      training,
    }),
  )
}

export interface BackwardPass {
  /** dE/d(value) of the layers asked for. */
  readonly values: ReadonlyMap<number, Tensor>
  readonly parameters: ReadonlyMap<number, Named>
}

/** Where a walk back begins and ends, and how; from the loss to the images where absent. */
export interface BackwardOptions {
  /** A layer, and the cotangent of its value. */
  readonly start?: { readonly layer: number; readonly dy: Tensor }
  /** A layer at whose value it ends: what lies before is constant. */
  readonly end?: number
  /** Where the values inside some units are computed again rather than kept. */
  readonly recomputation?: Recomputation | undefined
}

/**
 * Reverse-mode differentiation: from the loss, or any other value, back: each layer's rule hands the gradient to its inputs, where the
 * contributions of several consumers add up.
 *
 * @param measured Layers whose values' gradients are wanted themselves (the boundaries), the images among them if they are.
 */
export function backwardPass(
  g: TensorGraph,
  network: ExpandedNetwork,
  forward: ForwardPass,
  measured: ReadonlySet<number>,
  { start, end = network.input, recomputation }: BackwardOptions = {},
): BackwardPass {
  const needed = whoNeedsGradient(network, measured)
  const contributions: Tensor[][] = network.layers.map(() => [])
  const values = new Map<number, Tensor>()
  const parameters = new Map<number, Named>()
  const first = start ?? { layer: network.loss, dy: g.constant(1 / g.replicas) }
  for (let i = start?.layer ?? network.layers.length - 1; i >= 0; i--) {
    const layer = network.layers[i]!
    const arrived = contributions[i]!
    if (i !== first.layer && arrived.length === 0) continue
    g.within(`gradient/${layer.name}`, () => {
      const dy = i === first.layer ? first.dy : g.sum(arrived)
      if (measured.has(i)) values.set(i, dy)
      if (i === network.input || i === end) return
      const wanted = layer.inputs.map((j) => needed[j]!)
      const seen = recomputation?.valuesFor(i, dy)
      const { output, saved = [] } = seen?.own ?? forward.results[i]!
      const gradient = layer.op.gradient(g, {
        attributes: layer.attributes,
        inputs: seen?.entering ?? layer.inputs.map((j) => forward.results[j]!.output),
        parameters: forward.inputs.parameters.get(i) ?? {},
        output,
        saved,
        dy,
        wanted,
        training: forward.inputs.training,
        statistics: forward.inputs.statistics.get(i) ?? {},
      })
      if (gradient.parameters) parameters.set(i, gradient.parameters)
      gradient.inputs.forEach((dx, k) => {
        if (dx && wanted[k]) contributions[layer.inputs[k]!]!.push(dx)
      })
    })
    contributions[i] = []
  }
  return { values, parameters }
}

/** A layer's value needs its gradient where it is measured itself, or where a parameter or a measured value lies before it. */
function whoNeedsGradient(network: ExpandedNetwork, measured: ReadonlySet<number>): boolean[] {
  const needed: boolean[] = []
  network.layers.forEach((layer, i) =>
    needed.push(measured.has(i) || layer.parameters.length > 0 || layer.inputs.some((j) => needed[j]!)),
  )
  return needed
}
