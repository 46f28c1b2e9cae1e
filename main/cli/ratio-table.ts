import type { StateMeasures } from '../../shared/initial-measures'
import { stepMeasures } from '../../shared/measures'
import { missingWords } from '../../shared/measures/missing-words'
import { stepValues, titleOf } from '../../shared/measures/values'
import { chainRatio } from '../../shared/norms/ratio'
import type { Signal, SignalPart } from '../../shared/norms/signal'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { figure, measured, table } from '../text/format'

const CHAIN = 'chain ratio ‖g_1‖/‖g_end‖'

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

/** One state of a network, or one epoch: ratios of each unit. */
interface Column {
  /** `epoch 3`. */
  readonly title: string
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
}

/** One line a stage: mean over its units, least and greatest, of each column. */
function groupTable(units: readonly Unit[], columns: readonly Column[]): string {
  const head = ['ratio ‖g_l‖/‖g_l+1‖', 'units', ...columns.flatMap(({ title }) => [`${title}: mean`, 'min', 'max'])]
  const rows = groups(units).map(({ name, units: members }) => {
    const cells = columns.flatMap(({ mean, min, max }) => {
      const average = members.reduce((sum, unit) => sum + mean[unit]!, 0) / members.length
      return [average, extreme(members, min, Math.min), extreme(members, max, Math.max)].map(figure)
    })
    return [name, String(members.length), ...cells]
  })
  return table([head, ...rows])
}

/**
 * The ratios of a run as a table, one line a stage: mean over its units, least and greatest, in the first and the last epoch. Beneath it the
 * main measures of the norms at both moments.
 *
 * @param first The first step, @param last the last one that was measured.
 */
export function ratioTable(units: readonly Unit[], epochs: readonly EpochRecord[], first: StepRecord, last: StepRecord): string {
  const shown = epochs.length > 1 ? [epochs[0]!, epochs[epochs.length - 1]!] : epochs.slice(0, 1)
  const columns = shown.map(({ epoch, ratios }) => ({ title: `epoch ${epoch}`, ...ratios }))
  const steps = [first, last].map((record) => ({ at: record.step, values: stepValues(record, units) }))
  const measures = stepMeasures.filter(({ isMain, over }) => isMain && over !== 'run' && steps[0]!.values.ratios[over].length > 0)
  const lines = measures.map((measure) => {
    const title = measure.name === 'chainRatio' ? CHAIN : titleOf(measure)
    return `${title}: ${steps.map(({ at, values }) => `${measured(measure, measure.step.of(values))} at step ${at}`).join(', ')}\n`
  })
  const missing = shown
    .flatMap((epoch) => missingWords(epoch) ?? [])
    .map((words) => `${words[0]!.toUpperCase()}${words.slice(1)}.\n`)
  return `${groupTable(units, columns)}${lines.join('')}${missing.join('')}`
}

/** The ratios of an untrained network as a table, one line a unit; where it can be projected, with that too. */
export function initialTable(units: readonly Unit[], plain: StateMeasures, projected: StateMeasures | null): string {
  const states = projected ? [plain, projected] : [plain]
  const rows = units.map(({ name }, unit) => [name, ...states.map(({ ratios }) => figure(ratios[unit]!))])
  const chain = [CHAIN, ...states.map(({ norms }) => figure(chainRatio(norms)))]
  return table([['ratio ‖g_l‖/‖g_l+1‖', 'initial', 'projected'].slice(0, states.length + 1), ...rows, chain])
}

/** What enters each unit on the way forward, and what its branch adds; beside it what mean-field theory says of both, where it says something. */
export function signalTable(units: readonly Unit[], signal: Signal | null, predicted: Signal | null): string {
  if (!signal) return ''
  const parts = ['meanSquares', 'variances', 'branchVariances'] as const
  const hasTheory = (part: SignalPart): boolean => predicted?.[part].some((value, i) => i > 0 && !Number.isNaN(value)) ?? false
  const cells = (at: number): string[] =>
    parts.flatMap((part) => {
      const of = (from: Signal): string => {
        const value = from[part][at]
        return value === undefined || Number.isNaN(value) ? '' : figure(value)
      }
      return hasTheory(part) ? [of(signal), of(predicted!)] : [of(signal)]
    })
  const titles = { meanSquares: 'mean square', variances: 'variance', branchVariances: 'variance of its branch' }
  const head = ['what enters a unit', ...parts.flatMap((part) => (hasTheory(part) ? [titles[part], 'theory'] : [titles[part]]))]
  return `\n${table([head, ...[...units.map(({ name }) => name), 'end'].map((name, at) => [name, ...cells(at)])])}`
}

function extreme(members: readonly number[], values: Float32Array, choose: (...values: number[]) => number): number {
  const numbers = members.map((unit) => values[unit]!).filter((value) => !Number.isNaN(value))
  return numbers.length > 0 ? numbers.reduce((a, b) => choose(a, b)) : NaN
}
