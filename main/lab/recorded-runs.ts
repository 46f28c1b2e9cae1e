import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { RequestOutput, RequestReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { EpochSummary } from '../../shared/measures/epoch-summary'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { OWNERS, writeFile } from '../files/write-file'
import { checkManifest, insertRun } from '../store/bundle-import'
import { type Checkpoints, checkpointFile } from '../store/checkpoints'
import { summariseEpochs } from '../store/derived'
import type { Ownership } from '../store/ownership'
import { checkRecordedWeights } from '../store/recorded-weights'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'

type Told = RequestReceived<'runs.record'>
type Progress = RequestOutput<'runs.record'>
type Manifest = ReturnType<typeof checkManifest>

/** A program that says nothing for so long is taken for gone, and how often that is looked at, milliseconds. */
const SILENCE_MS = 120_000
const LOOK_MS = 10_000
/** Weights that one run keeps at most. */
const MOST_WEIGHTS = 1000

export interface RecordedWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly ownership: Ownership
  onRecords(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void
  /** @param isOver No more is to come, as far as one knows. */
  onChange(run: number, isOver: boolean): void
}

/**
 * Runs that other programs train and tell of while they do. A program says who it is and what it has; the lab answers how far it has come, and the program goes on
 * from there. So neither a lab that was closed nor a message that came twice loses or doubles anything.
 */
export class RecordedRuns {
  private readonly runs = new Map<string, number>()
  /** When each run that goes on was heard of, by a clock that does not jump. */
  private readonly heard = new Map<number, number>()
  private readonly timer: NodeJS.Timeout

  constructor(private readonly world: RecordedWorld) {
    this.timer = setInterval(() => this.lookForSilence(), LOOK_MS)
    this.timer.unref()
  }

  get handlers(): Pick<Handlers, 'runs.record' | 'runs.record-weights'> {
    return {
      'runs.record': (told) => this.record(told),
      'runs.record-weights': (told) => this.keepWeights(told),
    }
  }

  /** Whether its program was heard of lately. */
  isGoingOn(run: number): boolean {
    return this.heard.has(run)
  }

  close(): void {
    clearInterval(this.timer)
    for (const run of this.heard.keys()) this.lose(run, 'NormLab was closed; the run goes on here when it is open again')
  }

  private record({ manifest: told, steps, epochs, notes }: Told): Progress {
    const { store } = this.world
    const manifest = checkManifest('what the recorder says of its run', told)
    const session = manifest.configuration.origin?.session
    if (session === undefined)
      throw new UserError('a recorder has to say its session', { remedy: 'use the normlab_recorder.py of this NormLab' })
    this.world.ownership.require()
    // One after the other, each whole: what comes a second time is passed over.
    const run = this.find(session) ?? store.transaction(() => insertRun(store, { ...manifest, notices: [], tags: [], note: '' }))
    this.require(run)
    const units = this.units(run, manifest.units)
    const fresh = this.fresh(run, units, steps)
    store.append(run, fresh, [])
    const closed = this.closed(run, units, epochs)
    store.append(run, [], closed)
    this.annotate(run, units, notes)
    this.remark(run, manifest.notices)
    this.setState(run, manifest, units)
    this.runs.set(session, run)
    const isOver = manifest.state !== 'running'
    if (isOver) this.heard.delete(run)
    else this.heard.set(run, performance.now())
    if (fresh.length + closed.length > 0) this.world.onRecords(run, fresh, closed)
    this.world.onChange(run, isOver)
    return this.progress(run)
  }

  private keepWeights({ session, step, file }: RequestReceived<'runs.record-weights'>): Progress {
    const run = this.find(session)
    if (run === undefined) throw new UserError('there is no run of this session', { remedy: 'send its steps first' })
    this.require(run)
    checkRecordedWeights(file)
    const { folder, files } = this.world.checkpoints.of(run)
    if (files.length >= MOST_WEIGHTS)
      throw new UserError(`run ${run} has ${files.length} weights already, as many as it can have`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const to = checkpointFile(folder, step)
    if (!existsSync(to)) writeFile(to, (write) => write(readFileSync(file)), OWNERS)
    return this.progress(run)
  }

  private progress(run: number): Progress {
    const { store, checkpoints } = this.world
    const weights = checkpoints.of(run).files.map(({ step }) => step)
    return { run, step: store.steps.lastNumber(run), epoch: store.epochs.last(run)?.epoch ?? 0, weights }
  }

  private find(session: string): number | undefined {
    return this.runs.get(session) ?? this.world.store.runs.ofSession(session)[0]
  }

  /** @throws UserError where the run was deleted here, or another lab takes it in. */
  private require(run: number): void {
    const { store, ownership } = this.world
    const { owner, ownerPid } = store.runs.get(run)
    if (ownership.isOthers(owner))
      throw new UserError(`run ${run} belongs to another NormLab (process ${ownerPid})`, { remedy: 'send it there' })
  }

  /** The run's units. A recorder knows them after the first forward pass, and they stay. */
  private units(run: number, told: readonly Unit[]): readonly Unit[] {
    const { store } = this.world
    const stored = store.runs.units(run)
    if (stored.length === 0 && told.length > 0) {
      if (store.steps.lastMeasured(run) !== undefined) throw new UserError(`run ${run} has norms of no unit`)
      store.runs.update(run, { units: [...told] })
      return told
    }
    if (told.length > 0 && told.map(({ name }) => name).join('\n') !== stored.map(({ name }) => name).join('\n'))
      throw new UserError(`the units are not those that run ${run} has`)
    return stored
  }

  /** Those steps that the store has not yet. */
  private fresh(run: number, units: readonly Unit[], steps: Told['steps']): StepRecord[] {
    let last = this.world.store.steps.lastNumber(run)
    return steps.flatMap(({ at: _, gradientNorm, ...step }) => {
      if (step.step <= last) return []
      const wanted = units.length + 1
      if (step.norms.length !== 0 && (units.length === 0 || step.norms.length !== wanted))
        throw new UserError(`step ${step.step} has ${step.norms.length} norms, and the run ${units.length} units`)
      last = step.step
      return [{ ...step, ...(!Number.isNaN(gradientNorm) && { gradientNorm }) }]
    })
  }

  /** Epochs that are new, worked out from their steps. */
  private closed(run: number, units: readonly Unit[], epochs: Told['epochs']): EpochRecord[] {
    const { store } = this.world
    let last = store.epochs.last(run)?.epoch ?? 0
    return epochs.flatMap(({ epoch, firstStep, lastStep, tested, testLoss, testAccuracy, seconds }) => {
      if (epoch <= last) return []
      last = epoch
      const summary = new EpochSummary(epoch, units.length)
      for (let from = firstStep; from <= lastStep; from += 1000)
        for (const step of store.steps.between(run, from, Math.min(from + 999, lastStep))) summary.add(step)
      if (summary.isEmpty) throw new UserError(`epoch ${epoch} has no steps`)
      return [
        { ...summary.record(null, seconds), testLoss: tested ? testLoss : null, testAccuracy: tested ? testAccuracy : null },
      ]
    })
  }

  /** A recorder says all of its notes each time. */
  private annotate(run: number, units: readonly Unit[], notes: Told['notes']): void {
    const { store } = this.world
    for (const { step, unit, text, at } of notes) {
      if (unit !== null && unit >= units.length) throw new UserError(`a note is about unit ${unit + 1} of ${units.length}`)
      const there = store.first('SELECT 1 AS there FROM annotations WHERE run = ? AND step = ? AND text = ? AND at = ?', [
        run,
        step,
        text,
        at,
      ])
      if (!there)
        store.change('INSERT INTO annotations (run, step, unit, text, at) VALUES (?, ?, ?, ?, ?)', [run, step, unit, text, at])
    }
  }

  /** What a recorder left out, of which it too says all each time. */
  private remark(run: number, notices: Manifest['notices']): void {
    const there = new Set(this.world.store.runs.get(run).notices.map(({ at, message }) => `${at} ${message}`))
    for (const notice of notices) if (!there.has(`${notice.at} ${notice.message}`)) this.world.store.runs.addNotice(run, notice)
  }

  private setState(run: number, manifest: Manifest, units: readonly Unit[]): void {
    const { store, ownership } = this.world
    const { state, problem, parameters, device, versions, startedAt, endedAt } = manifest
    const told = { parameters, device, versions, startedAt }
    if (state === 'running') {
      const owner = { owner: ownership.id, ownerPid: process.pid }
      return store.runs.update(run, { ...told, state, problem: null, endedAt: null, ...owner })
    }
    summariseEpochs(store, run, units.length)
    const isEnd = ['done', 'stopped', 'failed', 'interrupted'].includes(state)
    store.runs.update(run, { ...told, state: isEnd ? state : 'interrupted', problem, endedAt, owner: null, ownerPid: null })
  }

  private lookForSilence(): void {
    const now = performance.now()
    for (const [run, at] of this.heard)
      if (now - at > SILENCE_MS)
        this.lose(run, 'its program has not been heard of for two minutes; the run goes on when it is heard of again')
  }

  private lose(run: number, message: string): void {
    const { store } = this.world
    this.heard.delete(run)
    summariseEpochs(store, run, store.runs.units(run).length)
    const problem = { message, step: store.steps.lastNumber(run) }
    store.runs.update(run, { state: 'interrupted', problem, owner: null, ownerPid: null, comesBack: false })
    this.world.onChange(run, true)
  }
}
