import type { Configuration } from '../../shared/configuration'
import { newNumber } from './run-number'
import { UserError } from '../../shared/errors'
import { notTrainedHere } from '../../shared/run-origin'
import type { RunNotice, Unit } from '../../shared/records'
import type { Connection } from './connection'
import { type NewRun, RUN_COLUMNS, type RunPatch, type StoredRun, assignments, readSettings, toRun } from './run-rows'
import { SCALARS_VERSION } from './scalars'
import { type ReadConfiguration, readConfiguration, writeConfiguration } from './stored-configuration'
import { PLACED_RUNS } from './submissions'
import { readJson, textRows } from './text-rows'

/** Numbers that a run can have; a damaged store may hold others. */
const IDS = `id BETWEEN 1 AND ${Number.MAX_SAFE_INTEGER}`
const THERE = 'deleted_at IS NULL'

/** The runs themselves, without their records. One that is deleted is in no answer but those that say so. */
export class RunTable {
  private written: { run: number; units: readonly Unit[] } | undefined

  constructor(private readonly connection: Connection) {}

  create({ configuration, ...run }: NewRun): number {
    return this.connection.change(
      `INSERT INTO runs (id, name, state, configuration, preset, network, dataset, seed, units, parameters, versions, steps, steps_per_epoch, created_at, owner, owner_pid, experiment, cell, scalars_version)
       VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?)`,
      [
        newNumber(this.connection),
        run.name,
        writeConfiguration(configuration),
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

  /** @throws UserError where there is no such run, or it is deleted. */
  get(run: number): StoredRun {
    const [found] = this.select('WHERE id = ?', [run])
    if (found === undefined) throw noSuchRun(run)
    if (found.deletedAt !== null)
      throw new UserError(`run ${run} was deleted`, { remedy: `restore it first: normlab runs restore ${run}` })
    return found
  }

  /** Newest first. */
  all(): StoredRun[] {
    return this.select(`WHERE ${THERE} AND ${IDS} ORDER BY id DESC`)
  }

  /** The runs of these numbers that there are, newest first. */
  some(asked: ReadonlySet<number>): StoredRun[] {
    return [...asked].sort((a, b) => b - a).flatMap((run) => this.select(`WHERE id = ? AND ${THERE}`, [run]))
  }

  /** Of all runs, newest first: a hundredth of the time that it takes to read them whole. */
  names(): Pick<StoredRun, 'id' | 'name'>[] {
    const rows = textRows(this.connection, { id: 'id', name: 'name' }, `FROM runs WHERE ${THERE} AND ${IDS} ORDER BY id DESC`)
    return rows.map(({ id, name }) => ({ id: id as number, name: String(name) }))
  }

  /** A run's configuration without the network's document; empty where there is no such run. */
  settings(run: number): StoredRun['settings'] {
    const [row] = textRows(this.connection, { settings: RUN_COLUMNS.settings }, 'FROM runs WHERE id = ?', [run])
    return row === undefined ? {} : readSettings(row.settings).settings
  }

  /** The last runs that have trained, newest first. */
  recentlyTrained(most: number): StoredRun[] {
    return this.select(`WHERE started_at IS NOT NULL AND ${THERE} AND ${IDS} ORDER BY id DESC LIMIT ?`, [most])
  }

  /** The runs that were cut off and want to go on, oldest first. */
  comingBack(): number[] {
    const sql = `SELECT id FROM runs WHERE comes_back = 1 AND state = 'interrupted' AND ${THERE} AND ${IDS} ORDER BY id`
    return (this.connection.query(sql) as { id: number }[]).map(({ id }) => id)
  }

  /** Takes an interrupted run for this lab, unless another one was quicker. */
  claim(run: number, owner: string, ownerPid: number): boolean {
    const sql = `UPDATE runs SET state = 'queued', comes_back = 0, owner = ?, owner_pid = ? WHERE id = ? AND owner IS NULL AND ${THERE}`
    return this.connection.changed(sql, [owner, ownerPid, run]) === 1
  }

  /** The runs that wait or go on, in whatever lab of this machine; those at another place are not among them. */
  unfinished(): Pick<StoredRun, 'id' | 'state' | 'owner' | 'origin'>[] {
    return this.select(`WHERE state IN ('queued', 'running', 'paused') AND ${THERE} AND ${IDS} AND id NOT IN (${PLACED_RUNS})`)
  }

  /** For each run a text that changes when its summary does. */
  marks(): Map<number, string> {
    const columns = ['name', 'state', 'problem', 'notices', 'device', 'steps', 'started_at', 'ended_at', 'owner', 'tags', 'note']
    const signs = ['starred', 'archived', 'pinned', 'experiment', 'cell']
    const step = '(CASE WHEN owner IS NULL THEN 0 ELSE (SELECT max(step) FROM steps WHERE run = runs.id) END)'
    const cells = Object.fromEntries([...columns, ...signs, step].map((sql) => [sql, sql]))
    const rows = textRows(this.connection, { id: 'id', ...cells }, `FROM runs WHERE ${THERE} AND ${IDS}`)
    return new Map(rows.map(({ id, ...row }) => [id as number, JSON.stringify(row)]))
  }

  /** A run's units, read once while it is the one that is written to. */
  units(run: number): readonly Unit[] {
    if (this.written?.run !== run) this.written = { run, units: this.select('WHERE id = ?', [run])[0]?.units ?? [] }
    return this.written.units
  }

  /** As far as it can be read: for looking at the run. */
  readConfiguration(run: number): ReadConfiguration {
    const [row] = textRows(this.connection, { configuration: 'configuration' }, 'FROM runs WHERE id = ?', [run])
    if (row === undefined) throw noSuchRun(run)
    return readConfiguration(readJson(row.configuration))
  }

  /** As it is stored, where it can be read at all: for a bundle. */
  storedConfiguration(run: number): unknown {
    const { problems } = this.readConfiguration(run)
    if (problems.length > 0) this.configuration(run)
    const [row] = textRows(this.connection, { configuration: 'configuration' }, 'FROM runs WHERE id = ?', [run])
    return readJson(row!.configuration)
  }

  /** @throws UserError where it cannot be read whole, so that nothing is done with another one; also of a run that was trained elsewhere. */
  configuration(run: number): Configuration {
    const { configuration, problems } = this.readConfiguration(run)
    if (problems[0] === undefined && configuration.origin)
      throw new UserError(notTrainedHere(run, configuration.origin), {
        remedy: 'look at its records, and do this with a run of the lab',
      })
    if (problems[0] === undefined) return configuration
    throw new UserError(problems[0], {
      place: `the configuration of run ${run}`,
      remedy: 'the run can be looked at; use the NormLab that wrote it to go on with it',
    })
  }

  setConfiguration(run: number, configuration: Configuration): void {
    this.connection.change('UPDATE runs SET configuration = ? WHERE id = ?', [writeConfiguration(configuration), run])
  }

  /** Says of a run what happened to it. Notices that cannot be read make room for it. */
  /** Runs of one recorder, the oldest first: told of while they were trained, or imported from its file. */
  ofSession(session: string): number[] {
    const told = `CASE WHEN json_valid(configuration) THEN json_extract(configuration, '$.origin.session') END`
    const found = this.connection.query(`SELECT id FROM runs WHERE ${told} = ? ORDER BY id`, [session]) as { id: number }[]
    return found.map(({ id }) => id)
  }

  addNotice(run: number, notice: RunNotice): void {
    const kept = `CASE WHEN typeof(notices) = 'text' AND json_valid(notices) THEN notices ELSE '[]' END`
    this.connection.change(`UPDATE runs SET notices = json_insert(${kept}, '$[#]', json(?)) WHERE id = ?`, [
      ...[JSON.stringify(notice), run],
    ])
  }

  /** Takes the run out of the list; it comes back with `restore` until it is purged. */
  delete(run: number, now = new Date()): void {
    this.get(run)
    this.update(run, { deletedAt: now.toISOString() })
  }

  /** @throws UserError where there is no such run. */
  restore(run: number): void {
    if (this.select('WHERE id = ?', [run]).length === 0) throw noSuchRun(run)
    this.update(run, { deletedAt: null })
  }

  /** The deleted runs, the last one first. */
  deleted(): StoredRun[] {
    return this.select(`WHERE NOT ${THERE} AND ${IDS} ORDER BY deleted_at DESC, id DESC`)
  }

  /** Removes the run with all its records, and gives the space back to the disk. */
  purge(run: number): void {
    this.connection.change('DELETE FROM runs WHERE id = ?', [run])
    this.connection.shrink()
  }

  private select(rest: string, values: readonly unknown[] = []): StoredRun[] {
    return textRows(this.connection, RUN_COLUMNS, `FROM runs ${rest}`, values).map(toRun)
  }
}

function noSuchRun(run: number): UserError {
  return new UserError(`there is no run ${run}`, { remedy: 'list the runs to see their numbers' })
}
