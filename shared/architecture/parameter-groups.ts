import type { Training } from '../configuration'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import type { ExpandedNetwork } from './expand'
import { fits } from './repairs'

/** A parameter: its whole name, `head.dense.kernel`, and its name within its layer, `kernel`. */
interface Parameter {
  readonly name: string
  readonly local: string
}

const NORM_PARAMETERS = new Set(['gamma', 'beta'])

/** Whether a parameter belongs to a group: `kernels`, `biases`, `norms`, or a pattern of names. */
export function isInGroup({ name, local }: Parameter, parameters: string): boolean {
  if (parameters === 'kernels') return local === 'kernel'
  if (parameters === 'biases') return local === 'bias'
  if (parameters === 'norms') return NORM_PARAMETERS.has(local)
  return fits(name, parameters)
}

/** @throws UserError for a group that no parameter of the network fits. */
export function checkGroups(network: ExpandedNetwork, groups: Training['groups']): void {
  const all = network.layers.flatMap((layer) =>
    layer.parameters.map(({ name }) => ({ name: `${layer.name}.${name}`, local: name })),
  )
  for (const { parameters } of groups)
    if (!all.some((parameter) => isInGroup(parameter, parameters)))
      throw new UserError(`no parameter fits the group "${cutText(parameters)}"`, {
        place: 'training.groups',
        remedy: `say kernels, biases, norms, or a pattern such as ${all[0]?.name ?? '*'}`,
      })
}
