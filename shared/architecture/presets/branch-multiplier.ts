import { UserError } from '../../errors'
import { depthMultiplier } from '../depth-scaling'
import type { LayerNode } from '../document'
import { layer } from './pieces'
import type { OptionSpec, PresetOptions } from './preset'

/** Multipliers of residual branches that fall with the number of blocks; the setting `training.depth` has the rates that belong to them. */
export const multiplierOptions: readonly OptionSpec[] = [
  {
    name: 'depth-alpha',
    description:
      'each branch ends in a fixed multiplier (L/depth-base)^−alpha, L the network’s blocks: 1 of CompleteP, 0.5 of depth-µP; 0 for none',
    default: '0',
    type: 'decimal',
    least: 0,
    most: 1,
  },
  {
    name: 'depth-base',
    description: 'blocks at which the multiplier is 1',
    default: '1',
    type: 'number',
    least: 1,
    most: 1_000_000,
  },
]

/** What ends a branch, of a network of so many blocks: one layer, or nothing. @throws UserError where there are no branches to end. */
export function multiplierOf({ decimal, number }: PresetOptions, blocks: number, hasBranches = true): LayerNode[] {
  const alpha = decimal('depth-alpha')
  if (alpha === 0) return []
  if (!hasBranches)
    throw new UserError('without skips there are no branches to multiply', { place: 'depth-alpha', remedy: 'leave it out' })
  return [layer('multiplier', 'scale', { value: depthMultiplier({ alpha, base: number('depth-base') }, blocks), learned: false })]
}
