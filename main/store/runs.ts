import { Configuration } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { RunNotice, Unit } from '../../shared/records'
import type { Connection } from './connection'
import { type NewRun, RUN_COLUMNS, type RunPatch, type StoredRun, assignments, toRun } from './run-rows'
import { SCALARS_VERSION } from './scalars'

/** The runs themselves, without their records. */
export class RunTable {
  private written: { run: number; units: readonly Unit[] } | undefined

  constructor(private readonly connection: Connection) {}

  create({ configuration, ...run }: NewRun): number {
    return this.connection.change(
      `INSERT INTO runs (name, state, configuration, preset, network, dataset, seed, units, parameters, versions, steps, steps_per_epoch, created_at, owner, owner_pid, experiment, cell, scalars_version)
       VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?)`,
      [
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
        SCALARS_VERSION,
      ],
    )
  }

  update(run: number, patch: RunPatch): void {
    const { sql, values } = assignments(patch)
    if (patch.units) this.written = undefined
    if (sql) this.connection.change(`UPDATE runs SET ${sql} WHERE id = ?`, [...values, run])
  }

  /** @throws UserError where there is no such run. */
  get(run: number): StoredRun {
    const row = this.connection.first(`SELECT ${RUN_COLUMNS} FROM runs WHERE id = ?`, [run])
    if (row === undefined) throw noSuchRun(run)
    return toRun(row)
  }

  /** Newest first. */
  all(): StoredRun[] {
    return this.connection.query(`SELECT ${RUN_COLUMNS} FROM runs ORDER BY id DESC`).map(toRun)
  }

  /** The runs of these numbers that there are, newest first. */
  some(asked: ReadonlySet<number>): StoredRun[] {
    const sql = `SELECT ${RUN_COLUMNS} FROM runs WHERE id = ?`
    return [...asked].sort((a, b) => b - a).flatMap((run) => this.connection.query(sql, [run]).map(toRun))
  }

  /** The last runs that have trained, newest first. */
  recentlyTrained(most: number): StoredRun[] {
    const sql = `SELECT ${RUN_COLUMNS} FROM runs WHERE started_at IS NOT NULL ORDER BY id DESC LIMIT ?`
    return this.connection.query(sql, [most]).map(toRun)
  }

  /** The runs that were cut off and want to go on, oldest first. */
  comingBack(): number[] {
    const sql = "SELECT id FROM runs WHERE comes_back = 1 AND state = 'interrupted' ORDER BY id"
    return (this.connection.query(sql) as { id: number }[]).map(({ id }) => id)
  }

  /** Takes an interrupted run for this lab, unless another one was quicker. */
  claim(run: number, owner: string, ownerPid: number): boolean {
    const sql = "UPDATE runs SET state = 'queued', comes_back = 0, owner = ?, owner_pid = ? WHERE id = ? AND owner IS NULL"
    return this.connection.changed(sql, [owner, ownerPid, run]) === 1
  }

  /** The runs that wait or go on, in whatever lab. */
  unfinished(): Pick<StoredRun, 'id' | 'state' | 'owner'>[] {
    const sql = "SELECT id, state, owner FROM runs WHERE state IN ('queued', 'running', 'paused')"
    return this.connection.query(sql) as Pick<StoredRun, 'id' | 'state' | 'owner'>[]
  }

  /** For each run a text that changes when its summary does. */
  marks(): Map<number, string> {
    const sql = `SELECT id, json_array(name, state, problem, notices, device, steps, started_at, ended_at, owner,
                   tags, note, starred, archived, pinned, experiment, cell,
                   CASE WHEN owner IS NULL THEN 0 ELSE (SELECT max(step) FROM steps WHERE run = runs.id) END) AS mark FROM runs`
    return new Map((this.connection.query(sql) as { id: number; mark: string }[]).map(({ id, mark }) => [id, mark]))
  }

  /** A run's units, read once while it is the one that is written to. */
  units(run: number): readonly Unit[] {
    if (this.written?.run !== run) this.written = { run, units: this.get(run).units }
    return this.written.units
  }

  configuration(run: number): Configuration {
    const row = this.connection.first('SELECT configuration FROM runs WHERE id = ?', [run])
    if (row === undefined) throw noSuchRun(run)
    return Configuration.parse(JSON.parse((row as { configuration: string }).configuration))
  }

  setConfiguration(run: number, configuration: Configuration): void {
    this.connection.change('UPDATE runs SET configuration = ? WHERE id = ?', [JSON.stringify(configuration), run])
  }

  /** Says of a run what happened to it. */
  addNotice(run: number, notice: RunNotice): void {
    const sql = "UPDATE runs SET notices = json_insert(notices, '$[#]', json(?)) WHERE id = ?"
    this.connection.change(sql, [JSON.stringify(notice), run])
  }

  /** Removes the run with all its records, and gives the space back to the disk. */
  delete(run: number): void {
    this.connection.change('DELETE FROM runs WHERE id = ?', [run])
    this.connection.shrink()
  }
}

function noSuchRun(run: number): UserError {
  return new UserError(`there is no run ${run}`, { remedy: 'list the runs to see their numbers' })
}
