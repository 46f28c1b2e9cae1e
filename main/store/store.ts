import path from 'node:path'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { Connection, fileUri } from './connection'
import { fillDerived } from './derived'
import { EpochTable } from './epochs'
import { makeDataFolder } from './home'
import { SettingTable } from './lab-settings'
import { packCompleted, unpackFrom } from './packed-curves'
import { RunTable } from './runs'
import { migrate } from './schema'
import { StepTable } from './steps'

/**
 * The run database, one file in the data folder, with its tables. Write-ahead log with an fsync for each commit (0.3 ms on a disk of today):
 * what a call has written outlives the process and the power, whole or not at all.
 */
export class Store extends Connection {
  readonly runs = new RunTable(this)
  readonly steps = new StepTable(this)
  readonly epochs = new EpochTable(this)
  readonly settings = new SettingTable(this)

  constructor(readonly home: string) {
    makeDataFolder(home)
    super(path.join(home, 'normlab.db'))
    try {
      migrate(this)
      this.execute('PRAGMA journal_mode = WAL')
      this.execute('PRAGMA synchronous = FULL')
      this.execute('PRAGMA foreign_keys = ON')
      fillDerived(this)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** As another connection attaches it, to read alone. */
  get uri(): string {
    return fileUri(this.file, 'mode=ro')
  }

  /** Stores a bundle of records: all of them, or none. */
  append(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    if (steps.length + epochs.length === 0) return
    this.transaction(() => {
      this.steps.insert(run, this.runs.units(run), steps)
      if (steps.length > 0) packCompleted(this, run, steps[0]!.step, steps[steps.length - 1]!.step)
      this.epochs.put(run, epochs)
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
