import type { TorchSource } from '../../../../shared/architecture/source/torch'
import type { TensorSource } from '../../../formats/safetensors'
import type { Role } from '../../weights/layers'
import type { OutgoingWeights } from './weights'

/** What PyTorch's modules call their tensors. */
const NAMES: readonly (readonly [Role, string])[] = [
  ['kernel', 'weight'],
  ['bias', 'bias'],
  ['scale', 'weight'],
  ['shift', 'bias'],
  ['mean', 'running_mean'],
  ['variance', 'running_var'],
]

/** The state dict of a network's source. */
export function stateDict({ network, modules }: TorchSource, weights: OutgoingWeights): TensorSource[] {
  return network.layers.flatMap((layer) => {
    const module = modules.get(layer.name)
    if (module === undefined) return []
    const roles = new Set([...layer.parameters, ...layer.statistics].map(({ role }) => role))
    return NAMES.flatMap(([role, name]): TensorSource[] => {
      const found = roles.has(role) ? weights.torch(layer, role) : undefined
      if (!found) return []
      const own = role === 'scale' && layer.op.kind === 'ws-conv2d' ? 'gain' : name
      return [{ name: `${module}.${own}`, shape: found.dims, dtype: 'F32', data: found.values }]
    })
  })
}
