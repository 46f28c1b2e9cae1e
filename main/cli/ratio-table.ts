import { chainRatio } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { figure, table } from './format'

/** Units that share a line: a stage's blocks; the stem and each transition stand alone. */
interface Group {
  readonly name: string
  readonly units: number[]
}

/** `stage2.block7` belongs to `stage2`. */
function groups(units: readonly Unit[]): Group[] {
  const result: Group[] = []
  units.forEach(({ name, kind }, unit) => {
    const group = kind === 'block' ? name.split('.')[0]! : name
    const last = result[result.length - 1]
    if (last?.name === group) last.units.push(unit)
    else result.push({ name: group, units: [unit] })
  })
  return result
}

/**
 * The ratios of a run as a table, one line a stage: mean over its units, least and greatest, in the first and the last epoch.
 *
 * @param first The first step, @param last the last one; their chain ratios stand beneath.
 */
export function ratioTable(units: readonly Unit[], epochs: readonly EpochRecord[], first: StepRecord, last: StepRecord): string {
  const shown = epochs.length > 1 ? [epochs[0]!, epochs[epochs.length - 1]!] : epochs.slice(0, 1)
  const head = ['ratio ‖g_l‖/‖g_l+1‖', 'units', ...shown.flatMap(({ epoch }) => [`epoch ${epoch}: mean`, 'min', 'max'])]
  const rows = groups(units).map(({ name, units: members }) => {
    const cells = shown.flatMap(({ ratios: { mean, min, max } }) => {
      const average = members.reduce((sum, unit) => sum + mean[unit]!, 0) / members.length
      return [average, extreme(members, min, Math.min), extreme(members, max, Math.max)].map(figure)
    })
    return [name, String(members.length), ...cells]
  })
  return `${table([head, ...rows])}chain ratio ‖g_1‖/‖g_end‖: ${figure(chainRatio(first.norms))} at step ${first.step}, ${figure(chainRatio(last.norms))} at step ${last.step}\n`
}

function extreme(members: readonly number[], values: Float32Array, choose: (...values: number[]) => number): number {
  const numbers = members.map((unit) => values[unit]!).filter((value) => !Number.isNaN(value))
  return numbers.length > 0 ? numbers.reduce((a, b) => choose(a, b)) : NaN
}
