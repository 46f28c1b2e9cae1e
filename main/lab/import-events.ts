import path from 'node:path'
import { UserError } from '../../shared/errors'
import { EpochSummary } from '../../shared/measures/epoch-summary'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { NOT_TOLD } from '../../shared/run-origin'
import { meaningOf, type ScalarMeaning } from '../../shared/scalar-tags'
import { readScalars } from '../formats/tfevents'
import { checkManifest, insertRun } from '../store/bundle-import'
import { BUNDLE_VERSION } from '../store/bundle-format'
import type { Checkpoints } from '../store/checkpoints'
import { purgeRun } from '../store/deleted-runs'
import type { Store } from '../store/store'
import type { EventFile } from './event-files'

/** More than any screen or store makes sense of. */
const MOST_POINTS = 5_000_000
const MOST_TAGS = 100_000
const LAST_STEP = 100_000_000
/** What a mean of ones in single precision may be beyond 1. */
const ROUNDING = 1e-6
/** Tags that the report names. */
const MOST_NAMED = 12

/** A series: its numbers by step. */
interface Series {
  readonly tag: string
  readonly meaning: ScalarMeaning
  readonly points: Map<number, number>
}

/** What event files hold, and what of it found no place. */
interface Found {
  readonly series: Series[]
  readonly left: Map<string, string>
  readonly ended: string[]
  /** When each step was first told of, seconds since 1970. */
  readonly times: Map<number, number>
}

/**
 * Makes a run of TensorBoard's event files: scalars by their names (shared/scalar-tags.ts), and norms where NormLab wrote them. A notice of the run says what was
 * taken and what was left.
 *
 * @returns the run's number.
 * @throws UserError where no scalar of a run is in them.
 */
export function importEvents(store: Store, checkpoints: Checkpoints, place: string, files: readonly EventFile[]): number {
  const found = gather(files)
  if (found.series.every(({ meaning }) => meaning.of === 'epoch'))
    throw new UserError(`no scalar in it is a loss, an accuracy, a rate or a norm${leftWords(found.left)}`, {
      place,
      remedy: 'choose a folder whose event files have some under such names',
    })
  const shift = firstStep(found) < 1 ? 1 - firstStep(found) : 0
  const units = unitsOf(found)
  const steps = stepsOf(found, units, shift)
  const epochs = epochsOf(found, steps, units, shift)
  const wall = [...found.times.values()].filter((time) => time > 0)
  const [begun, ended] = [isoOf(least(wall)), isoOf(wall.reduce((most, time) => Math.max(most, time), 0))]
  const name = path.basename(place).slice(0, 200)
  const manifest = checkManifest(place, {
    ...{ version: BUNDLE_VERSION, name, state: 'done', problem: null, units, parameters: null, device: null, versions: {} },
    configuration: {
      origin: { kind: 'tensorboard', framework: 'event files', program: name },
      network: { format: 'normlab/network', version: 1, name: NOT_TOLD, nodes: [{ id: 'input', kind: 'input' }] },
      data: { name: NOT_TOLD },
    },
    ...{
      steps: steps.length,
      stepsPerEpoch: 0,
      createdAt: begun,
      startedAt: begun,
      endedAt: ended,
      tags: [],
      note: '',
      dataHash: '',
    },
    notices: reportOf(found, shift).map((message) => ({ step: 0, at: new Date().toISOString(), message })),
  })
  const run = store.transaction(() => insertRun(store, manifest))
  try {
    for (let from = 0; from < steps.length; from += 5000) store.append(run, steps.slice(from, from + 5000), [])
    store.append(run, [], epochs)
  } catch (error) {
    purgeRun(store, checkpoints, run)
    throw error
  }
  return run
}

function gather(files: readonly EventFile[]): Found {
  const series = new Map<string, Series>()
  const found: Found = { series: [], left: new Map(), ended: [], times: new Map() }
  let points = 0
  for (const { file, isOfTest } of files) {
    const leave = (tag: string, why: string): void => {
      if (found.left.size < MOST_TAGS) found.left.set(tag.slice(0, 200), why)
    }
    const onEnd = (ended: string | null): void => {
      if (ended !== null) found.ended.push(`${path.basename(file)}: ${ended}; what is before that was taken`)
    }
    for (const { tag, step, wallTime, value } of readScalars(file, (other) => leave(other, 'no scalar'), onEnd)) {
      const meaning = meaningOf(tag, isOfTest)
      if (meaning === null) {
        leave(tag, 'no measure has such a name')
        continue
      }
      if (!isFitting(meaning, value)) {
        leave(tag, 'its values are none of such a measure')
        continue
      }
      if (!Number.isSafeInteger(step) || step < 0 || step > LAST_STEP) {
        leave(tag, `a step is none from 0 to ${LAST_STEP}`)
        continue
      }
      if (++points > MOST_POINTS) throw new UserError(`there are more than ${MOST_POINTS} scalars`, { place: file })
      const key = `${isOfTest ? 'test' : ''}/${tag}`
      const one = series.get(key) ?? { tag, meaning, points: new Map<number, number>() }
      series.set(key, one)
      one.points.set(step, value)
      if (meaning.of !== 'test' && !found.times.has(step)) found.times.set(step, wallTime)
    }
  }
  found.series.push(...oneForEach(inTheirUnit([...series.values()], found.left), found.left))
  return found
}

/** An accuracy that is beyond 1 somewhere is in percent, say, from its first value on: such a series is left out whole. */
function inTheirUnit(all: readonly Series[], left: Map<string, string>): Series[] {
  return all.filter(({ tag, meaning, points }) => {
    if (!('field' in meaning) || meaning.field !== 'accuracy') return true
    if ([...points.values()].some((value) => value > 1 + ROUNDING)) {
      left.set(tag, 'its values are none of such a measure: an accuracy is from 0 to 1')
      return false
    }
    for (const [step, value] of points) if (value > 1) points.set(step, 1)
    return true
  })
}

/** Of several tags that mean the same the one with the most numbers stays. */
function oneForEach(all: readonly Series[], left: Map<string, string>): Series[] {
  const best = new Map<string, Series>()
  for (const one of all) {
    const key = JSON.stringify(one.meaning)
    const before = best.get(key)
    const [stays, goes] = before && before.points.size >= one.points.size ? [before, one] : [one, before]
    best.set(key, stays)
    if (goes) left.set(goes.tag, `${stays.tag} is the same measure, with more values`)
  }
  return [...best.values()]
}

function isFitting(meaning: ScalarMeaning, value: number): boolean {
  if (meaning.of === 'norm') return !(value < 0)
  if (meaning.of === 'epoch') return value >= 0 && value < LAST_STEP
  if (meaning.field === 'loss' || Number.isNaN(value)) return true
  return value >= 0
}

const pointsOf = ({ series }: Found, of: ScalarMeaning['of'], field?: string): ReadonlyMap<number, number> =>
  series.find(({ meaning }) => meaning.of === of && (field === undefined || ('field' in meaning && meaning.field === field)))
    ?.points ?? new Map<number, number>()

function firstStep({ series }: Found): number {
  return series.reduce((first, { points }) => Math.min(first, least([...points.keys()])), 1)
}

const least = (values: readonly number[]): number => values.reduce((low, value) => Math.min(low, value), Infinity)

/** Boundaries in the order in which their tags come, `end` last; none where a unit's end was not told. */
function unitsOf({ series, left }: Found): Unit[] {
  const names = series.flatMap(({ meaning }) => (meaning.of === 'norm' ? [meaning.unit] : []))
  const units = names.filter((name) => name !== 'end')
  if (units.length > 0 && !names.includes('end')) {
    for (const name of units) left.set(`norm/${name}`, 'the norm at the last boundary, norm/end, is not there')
    return []
  }
  const kindOf = (name: string): Unit['kind'] =>
    /^(stem)\b/.test(name) ? 'stem' : /^(transition|between )/.test(name) ? 'transition' : 'block'
  return units.map((name) => ({ name: name.slice(0, 1000), kind: kindOf(name), shape: [] }))
}

function stepsOf(found: Found, units: readonly Unit[], shift: number): StepRecord[] {
  const [loss, accuracy, rate, ms, gradientNorm] = (['loss', 'accuracy', 'rate', 'ms', 'gradientNorm'] as const).map((field) =>
    pointsOf(found, 'step', field),
  ) as [ReadonlyMap<number, number>, ...ReadonlyMap<number, number>[]]
  const norms = [...units.map(({ name }) => name), 'end'].map(
    (unit) => found.series.find(({ meaning }) => meaning.of === 'norm' && meaning.unit === unit)?.points,
  )
  const ends = [...pointsOf(found, 'test', 'loss').keys(), ...pointsOf(found, 'test', 'accuracy').keys()].sort((a, b) => a - b)
  const toldEpochs = pointsOf(found, 'epoch')
  const all = new Set<number>()
  for (const { meaning, points } of found.series)
    if (meaning.of === 'step' || (meaning.of === 'norm' && units.length > 0)) for (const step of points.keys()) all.add(step)
  // A test after steps that were not told of stands at a step of its own.
  const last = lastOf(all)
  for (const end of ends) if (end > last) all.add(end)
  let [at, epoch] = [0, 1]
  return [...all]
    .sort((a, b) => a - b)
    .map((step) => {
      while (at < ends.length && ends[at]! < step) {
        if (at === 0 || ends[at] !== ends[at - 1]) epoch++
        at++
      }
      if (toldEpochs.has(step)) epoch = Math.max(epoch, Math.floor(toldEpochs.get(step)!) + 1)
      const values = units.length > 0 ? norms.map((points) => points?.get(step)) : []
      const isMeasured = values.length > 0 && values.every((value) => value !== undefined)
      const norm = gradientNorm!.get(step)
      return {
        ...{ step: step + shift, epoch, loss: loss.get(step) ?? NaN, accuracy: accuracy!.get(step) ?? NaN },
        ...{ rate: rate!.get(step) ?? NaN, ms: ms!.get(step) ?? NaN },
        ...(norm !== undefined && { gradientNorm: norm }),
        norms: Float32Array.from(isMeasured ? (values as number[]) : []),
      }
    })
}

/** The greatest of a set: one of millions is no list of arguments. */
function lastOf(values: ReadonlySet<number>): number {
  let most = -Infinity
  for (const value of values) most = Math.max(most, value)
  return most
}

/** A test belongs to the epoch of the last step that is not after it. */
function epochsOf(found: Found, steps: readonly StepRecord[], units: readonly Unit[], shift: number): EpochRecord[] {
  const [testLoss, testAccuracy] = (['loss', 'accuracy'] as const).map((field) => pointsOf(found, 'test', field)) as [
    ReadonlyMap<number, number>,
    ReadonlyMap<number, number>,
  ]
  const tests = [...new Set([...testLoss.keys(), ...testAccuracy.keys()])].sort((a, b) => a - b)
  const byEpoch = new Map<number, EpochSummary>()
  for (const step of steps) {
    const summary = byEpoch.get(step.epoch) ?? new EpochSummary(step.epoch, units.length)
    byEpoch.set(step.epoch, summary)
    summary.add(step)
  }
  const last = [...byEpoch.keys()].pop()
  let at = 0
  return [...byEpoch.values()].map((summary) => {
    const record = summary.record(null, NaN)
    let test: number | undefined
    while (at < tests.length && (tests[at]! + shift <= record.lastStep || summary.epoch === last)) test = tests[at++]
    if (test === undefined) return record
    return { ...record, testLoss: testLoss.get(test) ?? NaN, testAccuracy: testAccuracy.get(test) ?? NaN }
  })
}

const isoOf = (seconds: number): string => {
  const date = new Date(Number.isFinite(seconds) && seconds > 0 && seconds < 8e12 ? seconds * 1000 : Date.now())
  return date.toISOString()
}

/** What was taken and what was left, a sentence each. */
function reportOf({ series, left, ended }: Found, shift: number): string[] {
  const words = series.map(({ tag, meaning, points }) => `${tag.slice(0, 80)} as ${meaningWords(meaning)} (${points.size})`)
  return [
    `Taken from event files: ${words.slice(0, MOST_NAMED).join(', ')}${words.length > MOST_NAMED ? `, and ${words.length - MOST_NAMED} more` : ''}`,
    ...(left.size > 0 ? [`Left out${leftWords(left)}`] : []),
    ...(shift > 0 ? ['Its steps are counted from 0, and here from 1'] : []),
    ...ended.slice(0, MOST_NAMED),
  ]
}

const meaningWords = (meaning: ScalarMeaning): string =>
  meaning.of === 'norm'
    ? 'a norm'
    : meaning.of === 'epoch'
      ? 'the epoch'
      : `${meaning.of === 'test' ? 'test ' : ''}${meaning.field}`

/** `: a, b (why); c (another reason)`. */
function leftWords(left: ReadonlyMap<string, string>): string {
  if (left.size === 0) return ''
  const byReason = new Map<string, string[]>()
  for (const [tag, why] of [...left].slice(0, MOST_NAMED)) byReason.set(why, [...(byReason.get(why) ?? []), tag.slice(0, 80)])
  const named = [...byReason].map(([why, tags]) => `${tags.join(', ')} (${why})`)
  return `: ${named.join('; ')}${left.size > MOST_NAMED ? `, and ${left.size - MOST_NAMED} more` : ''}`
}
