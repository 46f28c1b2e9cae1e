import type { Unit } from '../../shared/records'

/** Blocks in a row that work at one resolution, for the bands behind a chart over blocks. */
export interface Stage {
  readonly name: string
  /** Indices of its first and last unit, both included. */
  readonly from: number
  readonly to: number
  /** Height × width × channels that its last block receives. */
  readonly resolution: string
}

/** Groups the blocks between transitions; stems and transitions belong to no stage. */
export function stagesOf(units: readonly Unit[]): Stage[] {
  const stages: Stage[] = []
  for (let i = 0; i < units.length; i++) {
    const unit = units[i]!
    if (unit.kind !== 'block') continue
    const name = stageName(unit.name)
    const last = stages[stages.length - 1]
    const resolution = unit.shape.join('×')
    if (last && last.to === i - 1 && stageName(units[i - 1]!.name) === name)
      stages[stages.length - 1] = { ...last, to: i, resolution }
    else stages.push({ name: name || `stage${stages.length + 1}`, from: i, to: i, resolution })
  }
  return stages
}

/** `stage2.block5` lies in `stage2`; a name without a dot in none. */
function stageName(unit: string): string {
  const dot = unit.indexOf('.')
  return dot < 0 ? '' : unit.slice(0, dot)
}
