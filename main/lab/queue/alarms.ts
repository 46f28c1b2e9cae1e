import { measureOf } from '../../../shared/measures'
import { titleOf, measureStep } from '../../../shared/measures/values'
import type { StepRecord, Unit } from '../../../shared/records'
import type { AlarmRule } from '../../../shared/settings/alarms'

export interface Raised {
  readonly rule: AlarmRule
  readonly step: number
  /** `deviation was above 0.5 for 10 measured steps, 0.61 at the last` */
  readonly message: string
}

/** Watches a run's steps by its rules. One that was raised is raised again only when it has not held in between. */
export class AlarmWatch {
  private readonly held: number[]

  get isEmpty(): boolean {
    return this.rules.length === 0
  }

  constructor(private readonly rules: readonly AlarmRule[]) {
    this.held = rules.map(() => 0)
  }

  /**
   * Takes in steps in their order.
   *
   * @param units Of the network, as measures are over some of them.
   */
  add(steps: readonly StepRecord[], units: readonly Pick<Unit, 'kind'>[]): Raised[] {
    if (this.rules.length === 0) return []
    return steps.flatMap((record) => {
      const values = measureStep(record, units)
      return this.rules.flatMap((rule, i) => {
        const { over } = measureOf(rule.measure)
        // What is of ratios is looked at where ratios were measured.
        if (over !== 'run' && record.norms.length < 2) return []
        const value = values[rule.measure]
        this.held[i] = isWrong(rule, value) ? this.held[i]! + 1 : 0
        return this.held[i] === rule.steps ? [{ rule, step: record.step, message: messageOf(rule, value) }] : []
      })
    })
  }
}

function isWrong({ side, value }: AlarmRule, measured: number): boolean {
  return side === 'below' ? measured < value : !(measured <= value)
}

function messageOf({ measure, side, value, steps, action }: AlarmRule, last: number): string {
  const for_ = steps === 1 ? '' : ` for ${steps} measured steps`
  const at = Number.isNaN(last) ? 'no number' : String(Number(last.toPrecision(4)))
  const title = titleOf(measureOf(measure))
  return `alarm: ${title.includes(',') ? `${title},` : title} was ${side} ${value}${for_}, ${at} at the last${action === 'pause' ? '; the run is paused' : ''}`
}
