import { joinArrays } from '../../../shared/join-arrays'
import type { ExpandedNetwork } from '../../../shared/architecture'
import { elements } from '../../../shared/ops/op'
import { actingKernel } from '../graph/acting-kernel'
import { computeOnce } from './compute-once'

type Read = (name: string) => Float32Array

/** A network's parameters by their names, where a layer that makes its kernel of what it learns has the one by which it acts in its kernel's place. */
export function withActingKernels(network: ExpandedNetwork, read: Read): Read {
  const made = new Map(network.layers.flatMap((layer) => (layer.op.actingKernel ? [[`${layer.name}.kernel`, layer]] : [])))
  return (name) => {
    const layer = made.get(name)
    if (!layer) return read(name)
    const given = layer.parameters.map((parameter) => ({ ...parameter, values: read(`${layer.name}.${parameter.name}`) }))
    const lengths = given.map(({ shape }) => elements(shape))
    const joined = joinArrays(
      (length) => new Float32Array(length),
      given.map(({ values }) => values),
    )
    return computeOnce([joined.length], joined, (g, vector) => {
      const parts = g.split(vector, lengths)
      return [
        actingKernel(g, layer, (local) => {
          const at = given.findIndex((parameter) => parameter.name === local)
          return g.reshape(parts[at]!, given[at]!.shape)
        }),
      ]
    })[0]!
  }
}
