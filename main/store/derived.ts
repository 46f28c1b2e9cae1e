import { EpochSummary, isFiniteStep } from '../../shared/measures/epoch-summary'
import type { EpochRecord, Unit } from '../../shared/records'
import { DamagedStore } from './failures'
import { unpackFrom } from './packed-curves'
import { addColumns, missingColumns, SCALARS_INSERT, SCALARS_VERSION, scalarValues } from './scalars'
import type { Store } from './store'
import { numeric } from './text-rows'

/**
 * Fills what is derived from a run's steps (`scalars`, from those the packed curves, and what its epochs left out) where it is missing or of an
 * older version: after all migrations, run by run, so that a program that is ended in between goes on with the rest when the store is opened next.
 */
export function fillDerived(store: Store): void {
  addColumns(store)
  for (const id of lacking(store)) unlessDamaged(() => store.transaction(() => deriveScalars(store, id, store.runs.units(id))))
  for (const id of silent(store)) unlessDamaged(() => store.transaction(() => deriveEpochs(store, id)))
}

/** A run whose records are damaged bars none of the others. */
function unlessDamaged(derive: () => void): void {
  try {
    derive()
  } catch (error) {
    if (!(error instanceof DamagedStore)) throw error
  }
}

export const lacksDerived = (store: Store): boolean =>
  missingColumns(store).length + lacking(store).length + silent(store).length > 0

function lacking(store: Store): number[] {
  const sql = 'SELECT id FROM runs WHERE scalars_version <> ? AND EXISTS (SELECT 1 FROM steps WHERE run = runs.id)'
  return (store.query(sql, [SCALARS_VERSION]) as { id: number }[]).map(({ id }) => id)
}

/** Runs with epochs that do not say what they left out. */
function silent(store: Store): number[] {
  return (
    store.query('SELECT DISTINCT run FROM epochs WHERE measured IS NULL AND run IN (SELECT id FROM runs)') as { run: number }[]
  ).map(({ run }) => run)
}

/** Makes a run's scalars anew from its steps. When each was stored is known from the rows that were there, if they were. */
function deriveScalars(store: Store, run: number, units: readonly Unit[]): void {
  const stored = store.columns(`SELECT ${numeric('step')}, ${numeric('at')} FROM scalars WHERE run = ?`, [run]) as [
    number,
    number | null,
  ][]
  const at = new Map(stored)
  store.change('DELETE FROM scalars WHERE run = ?', [run])
  for (const step of store.steps.each(run))
    store.change(SCALARS_INSERT, [run, ...scalarValues(step, units, at.get(step.step) ?? null)])
  store.change('UPDATE runs SET scalars_version = ? WHERE id = ?', [SCALARS_VERSION, run])
  unpackFrom(store, run, 1)
}

/**
 * Gives the epochs of a run that do not say it what they left out. Where all of their ratios are finite, nothing was; the others took values
 * that are not finite into their means, and are worked out again, in one walk through the steps.
 */
export function deriveEpochs(store: Store, run: number): void {
  const silent = new Map<number, EpochRecord>()
  for (const epoch of store.epochs.all(run)) if (epoch.measured === undefined) silent.set(epoch.epoch, epoch)
  if (silent.size === 0) return
  const counts = store.steps.countMeasured(run)
  for (const [number, epoch] of silent) {
    const { mean, min, max } = epoch.ratios
    if (![mean, min, max].every((values) => values.every(Number.isFinite))) continue
    const ratios = { ...epoch.ratios, notFinite: new Float32Array(mean.length) }
    store.epochs.put(run, [{ ...epoch, measured: counts.get(number) ?? 0, ratios }])
    silent.delete(number)
  }
  if (silent.size > 0) summariseAgain(store, run, silent)
}

function summariseAgain(store: Store, run: number, epochs: ReadonlyMap<number, EpochRecord>): void {
  const put = (epoch: EpochRecord, summary: EpochSummary): void => {
    const { measured, ratios } = summary.record(null, 0)
    store.epochs.put(run, [{ ...epoch, measured: measured ?? 0, ratios }])
  }
  for (const epoch of epochs.values()) put(epoch, new EpochSummary(epoch.epoch, epoch.ratios.mean.length))
  let open: EpochSummary | undefined
  const close = (): void => {
    const epoch = open && epochs.get(open.epoch)
    if (open && epoch) put(epoch, open)
  }
  for (const step of store.steps.each(run)) {
    const epoch = epochs.get(step.epoch)
    if (!epoch || !isFiniteStep(step)) continue
    if (open?.epoch !== step.epoch) {
      close()
      open = new EpochSummary(step.epoch, epoch.ratios.mean.length)
    }
    open.add(step)
  }
  close()
}

/**
 * Makes the epochs of a run that was trained elsewhere from its steps; what its program told of them, the tests and the time, stays. Steps after the last
 * epoch that it told make one of their own.
 */
export function summariseEpochs(store: Store, run: number, units: number): void {
  const told = new Map(store.epochs.all(run).map((epoch) => [epoch.epoch, epoch]))
  let open: { summary: EpochSummary; ms: number } | undefined
  const close = (): void => {
    if (!open) return
    const { testLoss, testAccuracy, seconds } = told.get(open.summary.epoch) ?? { testLoss: null, testAccuracy: null }
    store.epochs.put(run, [{ ...open.summary.record(null, seconds ?? open.ms / 1000), testLoss, testAccuracy }])
  }
  for (const step of store.steps.each(run)) {
    if (open?.summary.epoch !== step.epoch) {
      close()
      open = { summary: new EpochSummary(step.epoch, units), ms: 0 }
    }
    open.summary.add(step)
    open.ms += Number.isFinite(step.ms) ? step.ms : 0
  }
  close()
}
