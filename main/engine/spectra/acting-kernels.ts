import type { ExpandedNetwork } from '../../../shared/architecture'
import { makeKernel } from './made-kernel'

type Read = (name: string) => Float32Array

/** A network's parameters by their names, where a layer that makes its kernel of what it learns has the one by which it acts in its kernel's place. */
export function withActingKernels(network: ExpandedNetwork, read: Read): Read {
  const made = new Map(network.layers.flatMap((layer) => (layer.op.actingKernel ? [[`${layer.name}.kernel`, layer]] : [])))
  return (name) => {
    const layer = made.get(name)
    return layer ? makeKernel(layer, layer.op.actingKernel!, read) : read(name)
  }
}
