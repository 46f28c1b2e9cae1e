import { joinArrays } from '../../../shared/join-arrays'
import type { Layer } from '../../../shared/architecture'
import { elements } from '../../../shared/ops/op'
import { madeKernel, type MakesKernel } from '../graph/acting-kernel'
import { computeOnce } from './compute-once'

type Read = (name: string) => Float32Array

/** The kernel that a layer makes of its parameters, which are read by their names in the network. @param by Its way: the one by which it acts, or one that is a step of its work. */
export function makeKernel(layer: Layer, by: MakesKernel, read: Read): Float32Array {
  const given = layer.parameters.map((parameter) => ({ ...parameter, values: read(`${layer.name}.${parameter.name}`) }))
  const lengths = given.map(({ shape }) => elements(shape))
  const joined = joinArrays(
    (length) => new Float32Array(length),
    given.map(({ values }) => values),
  )
  return computeOnce([joined.length], joined, (g, vector) => {
    const parts = g.split(vector, lengths)
    return [
      madeKernel(g, layer, by, (local) => {
        const at = given.findIndex((parameter) => parameter.name === local)
        return g.reshape(parts[at]!, given[at]!.shape)
      }),
    ]
  })[0]!
}
