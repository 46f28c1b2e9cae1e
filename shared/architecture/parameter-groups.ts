import type { Training } from '../configuration'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import type { ParameterRole, StatisticRole } from '../ops/op'
import type { ExpandedNetwork } from './expand'
import { fits } from './repairs'

/** As a slot of a layout says it, which may be a statistic's. */
type Role = ParameterRole | StatisticRole

/** A parameter: its whole name, `head.dense.kernel`, and what it is for. */
interface Parameter {
  readonly name: string
  readonly role: Role
}

/** Whether a parameter belongs to a group: `kernels`, `biases`, `norms`, or a pattern of names. */
export function isInGroup({ name, role }: Parameter, parameters: string): boolean {
  if (parameters === 'kernels') return role === 'kernel' || role === 'factor'
  if (parameters === 'biases') return role === 'bias'
  if (parameters === 'norms') return role === 'scale' || role === 'shift'
  return fits(name, parameters)
}

/** @throws UserError for a group that no parameter of the network fits. */
export function checkGroups(network: ExpandedNetwork, groups: Training['groups']): void {
  const all = network.layers.flatMap((layer) =>
    layer.parameters.map(({ name, role }) => ({ name: `${layer.name}.${name}`, role })),
  )
  for (const { parameters } of groups)
    if (!all.some((parameter) => isInGroup(parameter, parameters)))
      throw new UserError(`no parameter fits the group "${cutText(parameters)}"`, {
        place: 'training.groups',
        remedy: `say kernels, biases, norms, or a pattern such as ${all[0]?.name ?? '*'}`,
      })
}
