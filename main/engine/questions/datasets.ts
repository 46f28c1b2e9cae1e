import type { Recognised } from '../../../shared/api'
import type { CheckName } from '../../../shared/datasets/checks'
import type { ImportChoices } from '../../../shared/datasets/import-choices'
import type { PreparationStep } from '../../../shared/datasets/preparation'

/** Brings a data set into a folder that is its own; the lab moves it to its place, or takes it away. Paths are absolute. */
export interface ImportTask {
  /** File or folder. */
  readonly source: string
  readonly name: string
  readonly choices: ImportChoices
  readonly folder: string
}

/** Looks through a data set's images for copies and faults. */
export interface CheckTask {
  readonly name: string
  readonly only: readonly CheckName[]
  readonly dataFolder: string
}

/** Says what a source would come to. */
export interface RecogniseTask {
  /** File or folder, absolute. */
  readonly source: string
  readonly choices: ImportChoices
}

/** Answer to it: all but a name that is free, which the lab knows. */
export type RecognisedSource = Omit<Recognised, 'name'>
export type FoundPicture = NonNullable<Recognised['found']>['pictures'][number]

/** Makes a set of another one in a folder of its own, likewise. */
export interface PrepareTask {
  /** The name of the set that it is made of. */
  readonly source: string
  readonly steps: readonly PreparationStep[]
  readonly name: string
  readonly folder: string
  /** Where the data sets lie. */
  readonly dataFolder: string
}

/** What the same steps would come to. */
export type PlanTask = Omit<PrepareTask, 'name' | 'folder'>
