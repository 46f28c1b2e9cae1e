import type { BackupCounts } from '../../store/backup'
import type { RestoredCounts } from '../../store/restore'

/** What a host takes away with it where it ends over a question: what was being made there is not whole. */
export interface MakesAside {
  readonly aside: string
}

/** Makes a backup of the data folder in a folder of its own; the lab moves it to its place. */
export interface BackUpTask extends MakesAside {
  readonly home: string
  /** Where it is to be, which errors name. */
  readonly target: string
  readonly withoutDatasets: boolean
  readonly program: string
}
export type BackedUp = BackupCounts

/** Unpacks a backup into a folder of its own, and looks through what is in it; the lab moves it to its place. */
export interface RestoreTask extends MakesAside {
  readonly file: string
  readonly target: string
}
export type Unpacked = RestoredCounts

/** Copies all of a data folder but its store to a new place, which is not whole before the lab ends the move. */
export interface CopyAheadTask {
  readonly home: string
  readonly target: string
}
export interface CopiedAhead {
  readonly bytes: number
}
