import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import type { ForwardResult } from '../../../shared/ops/op'
import { type ForwardPass, forwardLayer } from './passes'
import type { TensorGraph } from './tensor-graph'

/** What a layer's gradient sees of the forward pass. */
export interface SeenValues {
  /** Values of its inputs. */
  readonly entering: readonly Tensor[]
  readonly own: ForwardResult
}

interface Segment {
  readonly layers: ReadonlySet<number>
  /** Second results of its layers, once the walk back has reached it. */
  results?: ReadonlyMap<number, ForwardResult>
}

/**
 * Memory for time (Chen et al. 2016, "Training deep nets with sublinear memory cost"): of every k units in a row only the
 * values that others take are kept, and the way back computes those inside once more, from the same inputs by the same
 * operations, when the gradient arrives. Values of layers outside all units, and of the last one, are kept.
 */
export class Recomputation {
  private readonly segmentOf = new Map<number, Segment>()

  constructor(
    private readonly g: TensorGraph,
    private readonly network: ExpandedNetwork,
    private readonly forward: ForwardPass,
    /** Units of one segment. */
    every: number,
  ) {
    for (const layers of segments(network, every)) {
      const segment = { layers }
      for (const layer of layers) this.segmentOf.set(layer, segment)
    }
  }

  /**
   * @param dy The gradient that has arrived at the layer: what its segment's second pass waits for.
   * @returns what the layer's gradient shall use; undefined where everything of it is kept.
   */
  valuesFor(index: number, dy: Tensor): SeenValues | undefined {
    const segment = this.segmentOf.get(index)
    if (!segment) return undefined
    // The walk goes from the last layer to the first: whichever asks first is the one that the gradient reaches first.
    segment.results ??= this.passAgain(segment.layers, dy)
    return { entering: this.entering(index, segment.results), own: segment.results.get(index)! }
  }

  private passAgain(layers: ReadonlySet<number>, dy: Tensor): ReadonlyMap<number, ForwardResult> {
    const { g, network, forward } = this
    const results = new Map<number, ForwardResult>()
    const awaited = new Map<string, Tensor>()
    // Without the wait all second passes would run as soon as their inputs are there, and hold their memory like the first.
    const later = (value: Tensor): Tensor => {
      const known = awaited.get(value.id)
      if (known) return known
      const made = g.within('again', () => g.after(value, [dy.id.split(':')[0]!]))
      awaited.set(value.id, made)
      return made
    }
    for (const index of [...layers].sort((a, b) => a - b)) {
      const entering = network.layers[index]!.inputs.map((j) => results.get(j)?.output ?? later(forward.results[j]!.output))
      results.set(index, forwardLayer(g, network, index, entering, forward.inputs, 'again/'))
    }
    return results
  }

  private entering(index: number, results: ReadonlyMap<number, ForwardResult>): Tensor[] {
    return this.network.layers[index]!.inputs.map((j) => results.get(j)?.output ?? this.forward.results[j]!.output)
  }
}

/** The layers of every k units in a row. */
function segments({ units }: ExpandedNetwork, every: number): Set<number>[] {
  const found: Set<number>[] = []
  for (let i = 0; i < units.length; i += every) found.push(new Set(units.slice(i, i + every).flatMap(({ layers }) => layers)))
  // The gradient reaches the last segment when its values are still there.
  return found.slice(0, -1)
}
