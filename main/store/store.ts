import path from 'node:path'
import Database from 'libsql'
import { Configuration } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { EpochRecord, RunNotice, StepRecord, Unit } from '../../shared/records'
import { guarded } from './failures'
import { makeDataFolder } from './home'
import {
  type NewRun,
  RUN_COLUMNS,
  type RunPatch,
  STEP_COLUMNS,
  type StoredRun,
  assignments,
  blob,
  float,
  toEpoch,
  toRun,
  toStep,
} from './rows'
import { migrate } from './schema'
import { packCompleted, unpackFrom } from './packed-curves'
import { SCALARS_INSERT, scalarValues } from './scalars'

/** How long a write waits for another process's, milliseconds. */
const BUSY_MS = 10_000

/** Last values of a run, for lists. */
export interface LastValues {
  /** The last stored step; undefined where there is none yet. */
  readonly step: StepRecord | undefined
  /** Wall times of the last steps, milliseconds. */
  readonly ms: readonly number[]
  readonly testAccuracy: number | null
}

/**
 * The run database, one file in the data folder. Write-ahead log with an fsync for each commit (0.3 ms on a disk of today):
 * what a call has written outlives the process and the power, whole or not at all.
 *
 * @throws UserError from every method where the disk is full, or the file damaged, locked or not writable.
 */
export class Store {
  readonly file: string
  private readonly database: Database.Database
  private readonly statements = new Map<string, Database.Statement>()
  private written: { run: number; units: readonly Unit[] } | undefined

  constructor(readonly home: string) {
    makeDataFolder(home)
    this.file = path.join(home, 'normlab.db')
    this.database = guarded(this.file, () => {
      const database = new Database(this.file, { timeout: BUSY_MS })
      try {
        migrate(database, this.file)
        database.exec('PRAGMA journal_mode = WAL')
        database.exec('PRAGMA synchronous = FULL')
        database.exec('PRAGMA foreign_keys = ON')
        return database
      } catch (error) {
        database.close()
        throw error
      }
    })
  }

  createRun({ configuration, ...run }: NewRun): number {
    return this.guard(() => {
      const result = this.statement(
        `INSERT INTO runs (name, state, configuration, preset, network, dataset, seed, units, parameters, versions, steps, steps_per_epoch, created_at, owner, owner_pid, experiment, cell)
         VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?)`,
      ).run([
        run.name,
        JSON.stringify(configuration),
        configuration.preset ?? null,
        configuration.network.name,
        configuration.data.name,
        configuration.seed,
        JSON.stringify(run.units),
        run.parameters,
        JSON.stringify(run.versions),
        new Date().toISOString(),
        run.owner,
        run.ownerPid,
        run.experiment ?? null,
        run.cell ? JSON.stringify(run.cell) : null,
      ])
      return Number(result.lastInsertRowid)
    })
  }

  updateRun(run: number, patch: RunPatch): void {
    const { sql, values } = assignments(patch)
    if (patch.units) this.written = undefined
    if (sql) this.guard(() => this.statement(`UPDATE runs SET ${sql} WHERE id = ?`).run([...values, run]))
  }

  /** @throws UserError where there is no such run. */
  run(run: number): StoredRun {
    const row = this.first(`SELECT ${RUN_COLUMNS} FROM runs WHERE id = ?`, [run])
    if (row === undefined) throw noSuchRun(run)
    return toRun(row)
  }

  /** Newest first. */
  runs(): StoredRun[] {
    return this.guard(() => this.statement(`SELECT ${RUN_COLUMNS} FROM runs ORDER BY id DESC`).all().map(toRun))
  }

  /** The runs of these numbers that there are, newest first. */
  someRuns(asked: ReadonlySet<number>): StoredRun[] {
    const sql = `SELECT ${RUN_COLUMNS} FROM runs WHERE id = ?`
    return [...asked].sort((a, b) => b - a).flatMap((run) => this.guard(() => this.statement(sql).all([run]).map(toRun)))
  }

  /** The last runs that have trained, newest first. */
  recentlyTrained(most: number): StoredRun[] {
    const sql = `SELECT ${RUN_COLUMNS} FROM runs WHERE started_at IS NOT NULL ORDER BY id DESC LIMIT ?`
    return this.query(sql, [most]).map(toRun)
  }

  /** The runs that were cut off and want to go on, oldest first. */
  comingBack(): number[] {
    const sql = "SELECT id FROM runs WHERE comes_back = 1 AND state = 'interrupted' ORDER BY id"
    return this.guard(() => (this.statement(sql).all() as { id: number }[]).map(({ id }) => id))
  }

  /** Takes an interrupted run for this lab, unless another one was quicker. */
  claim(run: number, owner: string, ownerPid: number): boolean {
    const sql = "UPDATE runs SET state = 'queued', comes_back = 0, owner = ?, owner_pid = ? WHERE id = ? AND owner IS NULL"
    return this.guard(() => Number(this.statement(sql).run([owner, ownerPid, run]).changes) === 1)
  }

  /** The runs that wait or go on, in whatever lab. */
  unfinished(): Pick<StoredRun, 'id' | 'state' | 'owner'>[] {
    const sql = "SELECT id, state, owner FROM runs WHERE state IN ('queued', 'running', 'paused')"
    return this.guard(() => this.statement(sql).all() as Pick<StoredRun, 'id' | 'state' | 'owner'>[])
  }

  /** For each run a text that changes when its summary does. */
  marks(): Map<number, string> {
    const sql = `SELECT id, json_array(name, state, problem, notices, device, steps, started_at, ended_at, owner,
                   tags, note, starred, archived, pinned, experiment, cell,
                   CASE WHEN owner IS NULL THEN 0 ELSE (SELECT max(step) FROM steps WHERE run = runs.id) END) AS mark FROM runs`
    const rows = this.guard(() => this.statement(sql).all() as { id: number; mark: string }[])
    return new Map(rows.map(({ id, mark }) => [id, mark]))
  }

  configuration(run: number): Configuration {
    const row = this.first('SELECT configuration FROM runs WHERE id = ?', [run]) as { configuration: string } | undefined
    if (row === undefined) throw noSuchRun(run)
    return Configuration.parse(JSON.parse(row.configuration))
  }

  /** Says of a run what happened to it. */
  addNotice(run: number, notice: RunNotice): void {
    this.guard(() =>
      this.statement("UPDATE runs SET notices = json_insert(notices, '$[#]', json(?)) WHERE id = ?").run([
        JSON.stringify(notice),
        run,
      ]),
    )
  }

  setConfiguration(run: number, configuration: Configuration): void {
    this.guard(() => this.statement('UPDATE runs SET configuration = ? WHERE id = ?').run([JSON.stringify(configuration), run]))
  }

  /** A setting of the lab; undefined where nobody has set it. */
  setting(name: string): unknown {
    const row = this.first('SELECT value FROM settings WHERE name = ?', [name]) as { value: string } | undefined
    return row && JSON.parse(row.value)
  }

  setSetting(name: string, value: unknown): void {
    this.guard(() => this.statement('INSERT OR REPLACE INTO settings VALUES (?, ?)').run([name, JSON.stringify(value)]))
  }

  /** Removes the record of an epoch that was cut off; its steps stay, and give it another when it is over. */
  dropPartialEpoch(run: number, stepsPerEpoch: number): void {
    if (stepsPerEpoch === 0) return
    this.guard(() =>
      this.statement('DELETE FROM epochs WHERE run = ? AND last_step % ? <> 0 AND tested = 0').run([run, stepsPerEpoch]),
    )
  }

  /**
   * Stores steps that a run takes for the second time, after going on from a checkpoint before them. They should be what is
   * stored already, and stay then as they are; a step that is not replaces it.
   *
   * @returns the first step that came out otherwise.
   */
  retake(run: number, steps: readonly StepRecord[]): number | undefined {
    const others = steps.filter((record) => {
      const [stored] = this.steps(run, record.step, record.step)
      return !stored || !isSameStep(stored, record)
    })
    this.transaction(() => {
      for (const { step } of others) {
        this.statement('DELETE FROM steps WHERE run = ? AND step = ?').run([run, step])
        this.statement('DELETE FROM scalars WHERE run = ? AND step = ?').run([run, step])
      }
      this.insertSteps(run, others)
    })
    if (others[0]) unpackFrom(this, run, others[0].step)
    return others[0]?.step
  }

  /** Stores a bundle of records: all of them, or none. */
  append(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    if (steps.length + epochs.length === 0) return
    this.transaction(() => {
      this.insertSteps(run, steps)
      if (steps.length > 0) packCompleted(this, run, steps[0]!.step, steps[steps.length - 1]!.step)
      const insertEpoch = this.statement('INSERT OR REPLACE INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      for (const { ratios, ...e } of epochs)
        insertEpoch.run([
          ...[run, e.epoch, e.firstStep, e.lastStep, float(e.trainLoss), float(e.trainAccuracy)],
          ...[e.testLoss === null ? 0 : 1, float(e.testLoss ?? NaN), float(e.testAccuracy ?? NaN), float(e.seconds)],
          ...[blob(ratios.mean), blob(ratios.min), blob(ratios.max)],
        ])
    })
  }

  private insertSteps(run: number, steps: readonly StepRecord[]): void {
    const insert = this.statement(`INSERT INTO steps (run, ${STEP_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    const insertScalars = this.statement(SCALARS_INSERT)
    const units = this.unitsOf(run)
    const now = Date.now()
    const optional = (values: Float32Array | undefined): Buffer | null => (values ? blob(values) : null)
    for (const s of steps) {
      insert.run([
        ...[run, s.step, s.epoch, float(s.loss), float(s.accuracy), float(s.rate), float(s.ms), blob(s.norms)],
        ...[float(s.gradientNorm ?? NaN), optional(s.activations), optional(s.weights), optional(s.updates)],
      ])
      insertScalars.run([run, ...scalarValues(s, units, now)])
    }
  }

  /** A run's units, read once while it is the one that is written to. */
  private unitsOf(run: number): readonly Unit[] {
    if (this.written?.run !== run) this.written = { run, units: this.run(run).units }
    return this.written.units
  }

  /** Steps from…to, both included, in order. */
  steps(run: number, from: number, to: number): StepRecord[] {
    const sql = `SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? AND step BETWEEN ? AND ? ORDER BY step`
    return this.guard(() => this.statement(sql).all([run, from, to]).map(toStep))
  }

  /** All steps in order, a few at a time, so that a long run does not fill the memory. */
  *eachStep(run: number): Generator<StepRecord> {
    const sql = `SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? AND step > ? ORDER BY step LIMIT 256`
    let last = 0
    for (;;) {
      const part = this.guard(() => this.statement(sql).all([run, last]).map(toStep))
      if (part.length === 0) return
      yield* part
      last = part[part.length - 1]!.step
    }
  }

  /** Epochs after the given one, in order. */
  epochs(run: number, after = 0): EpochRecord[] {
    return this.guard(() =>
      this.statement('SELECT * FROM epochs WHERE run = ? AND epoch > ? ORDER BY epoch').all([run, after]).map(toEpoch),
    )
  }

  /** Number of the last stored step; 0 where there is none. */
  lastStep(run: number): number {
    return (this.first('SELECT max(step) AS step FROM steps WHERE run = ?', [run]) as { step: number | null }).step ?? 0
  }

  /** The last step of the epoch with the best test accuracy, the first of several. */
  bestTestedStep(run: number): number | undefined {
    const sql = 'SELECT last_step AS step FROM epochs WHERE run = ? AND tested = 1 ORDER BY test_accuracy DESC, epoch LIMIT 1'
    return (this.first(sql, [run]) as { step: number } | undefined)?.step
  }

  lastEpoch(run: number): EpochRecord | undefined {
    return this.query('SELECT * FROM epochs WHERE run = ? ORDER BY epoch DESC LIMIT 1', [run]).map(toEpoch)[0]
  }

  bestTestAccuracy(run: number): number | null {
    const sql = 'SELECT max(test_accuracy) AS best FROM epochs WHERE run = ? AND tested = 1'
    return (this.first(sql, [run]) as { best: number | null }).best
  }

  lastValues(run: number): LastValues {
    const step = this.first(`SELECT ${STEP_COLUMNS} FROM steps WHERE run = ? ORDER BY step DESC LIMIT 1`, [run])
    const times = this.guard(() => this.statement('SELECT ms FROM scalars WHERE run = ? ORDER BY step DESC LIMIT 25').all([run]))
    const tested = this.first(
      'SELECT test_accuracy AS accuracy FROM epochs WHERE run = ? AND tested = 1 ORDER BY epoch DESC LIMIT 1',
      [run],
    )
    return {
      step: step === undefined ? undefined : toStep(step),
      ms: (times as { ms: number | null }[]).flatMap(({ ms }) => ms ?? []),
      testAccuracy: tested === undefined ? null : ((tested as { accuracy: number | null }).accuracy ?? NaN),
    }
  }

  /** Removes the run with all its records, and gives the space back to the disk. */
  deleteRun(run: number): void {
    this.guard(() => {
      this.statement('DELETE FROM runs WHERE id = ?').run([run])
      this.database.prepare('PRAGMA incremental_vacuum').all()
    })
  }

  /** A number that changes when another process has written. */
  foreignWrites(): number {
    return (this.first('PRAGMA data_version', []) as { data_version: number }).data_version
  }

  transaction<T>(work: () => T): T {
    return this.guard(() => {
      this.database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.database.exec('COMMIT')
        return result
      } catch (error) {
        // SQLite has rolled back by itself where the disk was full.
        if (this.database.inTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Folds the log into the file, where no other process is at work on it, and closes. */
  close(): void {
    this.statements.clear()
    try {
      this.database.exec('PRAGMA busy_timeout = 100')
      this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
    } catch {
      // The log is as good a place: the next one to open the store reads it.
    }
    this.database.close()
  }

  /** Rows of a question, as objects. */
  query(sql: string, values: readonly unknown[] = []): unknown[] {
    return this.guard(() => this.statement(sql).all([...values]))
  }

  /** Rows as arrays of their columns: for long answers. */
  columns(sql: string, values: readonly unknown[]): unknown[][] {
    return this.guard(() => this.statement(sql, true).all([...values]) as unknown[][])
  }

  /** @returns the id of the row that was inserted, if one was. */
  change(sql: string, values: readonly unknown[] = []): number {
    return this.guard(() => Number(this.statement(sql).run([...values]).lastInsertRowid))
  }

  /** Runs a statement that has no values and no answer. */
  execute(sql: string): void {
    this.guard(() => this.database.exec(sql))
  }

  /** Works with another database file beside this one, under a name. */
  attached<T>(file: string, name: string, work: () => T): T {
    this.change(`ATTACH DATABASE ? AS ${name}`, [file])
    try {
      return work()
    } finally {
      // Statements that know the other file would keep it open.
      this.statements.clear()
      this.execute(`DETACH DATABASE ${name}`)
    }
  }

  /** The first row or undefined. Not the binding's `get`, which adds a field of its own to the row. */
  private first(sql: string, values: unknown[]): unknown {
    return this.guard(() => this.statement(sql).all(values)[0])
  }

  private guard<T>(work: () => T): T {
    return guarded(this.file, work)
  }

  private statement(sql: string, raw = false): Database.Statement {
    const key = raw ? `raw ${sql}` : sql
    let statement = this.statements.get(key)
    if (!statement) {
      statement = this.database.prepare(sql)
      if (raw) statement.raw()
      this.statements.set(key, statement)
    }
    return statement
  }
}

/** Whether two records of a step say the same; its time is no part of that. */
function isSameStep(a: StepRecord, b: StepRecord): boolean {
  return (
    Object.is(a.loss, b.loss) &&
    Object.is(a.accuracy, b.accuracy) &&
    Object.is(a.rate, b.rate) &&
    Buffer.compare(blob(a.norms), blob(b.norms)) === 0
  )
}

function noSuchRun(run: number): UserError {
  return new UserError(`there is no run ${run}`, { remedy: 'list the runs to see their numbers' })
}
