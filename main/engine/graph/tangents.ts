import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import { tangentOf } from '../../../shared/ops/tangent'
import type { ForwardPass } from './passes'
import { TensorGraph } from './tensor-graph'

/**
 * Forward-mode differentiation: how one value moves where another before it does; the counterpart of `backwardPass`.
 *
 * @param start A layer, and how its value moves. @param end A layer behind it.
 * @returns undefined where the end does not depend on the start.
 */
export function tangentPass(
  g: TensorGraph,
  network: ExpandedNetwork,
  forward: ForwardPass,
  start: { readonly layer: number; readonly dx: Tensor },
  end: number,
): Tensor | undefined {
  const blank = new TensorGraph()
  const tangents = new Map<number, Tensor>([[start.layer, start.dx]])
  for (let i = start.layer + 1; i <= end; i++) {
    const layer = network.layers[i]!
    const moving = layer.inputs.map((j) => tangents.get(j) ?? null)
    if (moving.every((tangent) => tangent === null)) continue
    const { output, saved = [] } = forward.results[i]!
    const given = {
      attributes: layer.attributes,
      inputs: layer.inputs.map((j) => forward.results[j]!.output),
      parameters: forward.inputs.parameters.get(i) ?? {},
      statistics: forward.inputs.statistics.get(i) ?? {},
      ...{ output, saved, training: forward.inputs.training },
    }
    const tangent = g.within(`tangent/${layer.name}`, () => tangentOf(g, blank, layer.op, given, moving))
    if (tangent) tangents.set(i, tangent)
  }
  return tangents.get(end)
}
