import { rmSync } from 'node:fs'
import path from 'node:path'
import type { UserError } from '../../shared/errors'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { type Access, Connection, fileUri } from './connection'
import { fillDerived, lacksDerived } from './derived'
import { EpochTable } from './epochs'
import { isOutOfSpace } from './failures'
import { makeDataFolder, makePrivate } from './home'
import type { SpectraRecord } from '../../shared/spectra/live'
import { SettingTable } from './lab-settings'
import { packCompleted, unpackFrom } from './packed-curves'
import { RunTable } from './runs'
import { copied, readingAccess, writeRefusal } from './reading'
import { releaseReserve, takeReserve } from './reserve'
import { STORE_VERSION, migrate, versionOf } from './schema'
import { SpectraTable } from './spectra'
import { StepTable } from './steps'
import { checkStructure } from './structure'

/**
 * The run database, one file in the data folder, with its tables. Write-ahead log with an fsync for each commit (0.3 ms on a disk of today):
 * what a call has written outlives the process and the power, whole or not at all.
 */
export class Store extends Connection {
  readonly runs = new RunTable(this)
  readonly steps = new StepTable(this)
  readonly epochs = new EpochTable(this)
  readonly spectra = new SpectraTable(this)
  readonly settings = new SettingTable(this)

  /** A temporary folder with a copy of the file, where that is what is read. */
  private copy: string | undefined

  /** Where the data folder cannot be written, or the disk is full, the store is opened to be looked at; `refusal` says why. */
  constructor(readonly home: string) {
    makeDataFolder(home)
    const file = path.join(home, 'normlab.db')
    const refusal = writeRefusal(home, file)
    const access = refusal ? readingAccess(file, refusal) : {}
    if (!refusal) makePrivate(file)
    super(file, access)
    this.copy = access.copy
    try {
      if (refusal) this.beginReading(refusal)
      else this.begin()
    } catch (error) {
      this.close()
      throw error
    }
  }

  private begin(): void {
    try {
      this.beginWriting()
    } catch (error) {
      if (!isOutOfSpace(error)) throw error
      this.openTo(readingAccess(this.file, error))
      this.beginReading(error)
    }
  }

  private beginWriting(): void {
    migrate(this)
    this.execute('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    // Whatever cannot be written shows here, and not in the midst of something.
    this.transaction(() => undefined)
    fillDerived(this)
    this.setPatient(false)
    takeReserve(this.home)
  }

  /** One of an older version is brought up in a copy. */
  private beginReading(refusal: UserError): void {
    if (this.copy === undefined) {
      const version = versionOf(this)
      if (version === STORE_VERSION) checkStructure(this, version)
      if (version === STORE_VERSION && !lacksDerived(this)) return
      this.openTo(copied(this.file, refusal))
    }
    this.openTo({ place: path.join(this.copy!, path.basename(this.file)), copy: this.copy! })
    migrate(this)
    fillDerived(this)
    this.openTo({ place: path.join(this.copy!, path.basename(this.file)), copy: this.copy!, refusal })
  }

  private openTo(access: Access & { readonly copy?: string }): void {
    this.reopen(access)
    this.copy = access.copy
  }

  /**
   * Lets go of the space that is kept for a full disk, so that something can be deleted.
   *
   * @returns whether that may have helped.
   */
  makeRoom(): boolean {
    if (!releaseReserve(this.home)) return false
    if (this.refusal && !writeRefusal(this.home, this.file)) {
      const { copy } = this
      this.openTo({})
      if (copy !== undefined) rmSync(copy, { recursive: true, force: true })
      this.beginWriting()
    }
    return true
  }

  override close(): void {
    super.close()
    if (this.copy !== undefined) rmSync(this.copy, { recursive: true, force: true })
    if (!this.refusal) takeReserve(this.home)
  }

  /** As another connection attaches it, to read alone. */
  get uri(): string {
    return this.place.isUnchanging ? fileUri(this.place.path, 'mode=ro&immutable=1') : fileUri(this.place.path, 'mode=ro')
  }

  /** Stores a bundle of records: all of them, or none. */
  append(
    run: number,
    steps: readonly StepRecord[],
    epochs: readonly EpochRecord[],
    spectra: readonly SpectraRecord[] = [],
  ): void {
    if (steps.length + epochs.length + spectra.length === 0) return
    this.transaction(() => {
      this.steps.insert(run, this.runs.units(run), steps)
      if (steps.length > 0) packCompleted(this, run, steps[0]!.step, steps[steps.length - 1]!.step)
      this.epochs.put(run, epochs)
      this.spectra.put(run, spectra)
    })
  }

  /**
   * Stores steps that a run takes for the second time, after going on from a checkpoint before them. They should be what is
   * stored already, and stay then as they are; a step that is not replaces it.
   *
   * @returns the first step that came out otherwise.
   */
  retake(run: number, steps: readonly StepRecord[]): number | undefined {
    const others = steps.filter((record) => !this.steps.has(run, record))
    this.transaction(() => {
      this.steps.remove(run, others)
      this.steps.insert(run, this.runs.units(run), others)
    })
    if (others[0]) unpackFrom(this, run, others[0].step)
    return others[0]?.step
  }
}
