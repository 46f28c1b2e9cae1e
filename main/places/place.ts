/**
 * A place that trains grids of runs for this lab: a cluster behind ssh, a service behind HTTP. It is asked by whoever follows a submission
 * (main/lab/submissions), again and again and over days, from labs that come and go; so every call may be made twice, and none keeps anything in memory that the next needs.
 *
 * A cell is named by its index in the grid. A task of the place writes about its run into files (shared/places/cell-log.ts), and these alone say what
 * became of it; what the place's own scheduler says (`states`) is shown, and believed only of a cell that it no longer has.
 */
export interface Place {
  /**
   * Brings the grid there and starts tasks for cells that have none yet, as many as the place takes now. Called again it finds what was started
   * before, also where the answer to that call was lost.
   *
   * @throws UserError where the place refuses; NoAnswer where it could not be reached, and nothing is known.
   */
  submit(grid: SentGrid): Promise<Submitted>
  /**
   * What the scheduler says of the cells; those that it does not know (any more) are left out, or are gone.
   *
   * @param taken Cells that it once had a task for. @throws NoAnswer.
   */
  states(grid: string, jobs: readonly string[], taken: readonly number[]): Promise<ReadonlyMap<number, TaskState>>
  /** Puts a cell's task that is gone into the queue once more. @returns whether the place could. @throws NoAnswer. */
  again(sent: SentGrid, jobs: readonly string[], cell: number): Promise<boolean>
  /** Ends tasks, those of all cells where none is named. A cell that has ended is left as it is. @throws NoAnswer. */
  cancel(grid: string, jobs: readonly string[], cells?: readonly number[]): Promise<void>
  /** What the cells' files have beyond what was fetched before; cells without news are left out. @throws NoAnswer. */
  fetch(grid: string, known: ReadonlyMap<number, number>): Promise<readonly CellNews[]>
  /** Brings a cell's bundle here. @throws NoAnswer; UserError where there is none. */
  bring(grid: string, cell: number, to: string): Promise<void>
  /** The last lines that a cell's task printed; empty where it printed none. */
  lastLines(grid: string, cell: number): Promise<string>
  /** When the first task of a grid would start, in the scheduler's words; null where it cannot say. */
  outlook(): Promise<string | null>
  /** Whether all that is needed is there, a line each. */
  check(): Promise<readonly PlaceCheck[]>
  /** Lets go of connections. */
  close(): Promise<void>
}

export interface SentGrid {
  /** Its own word: 16 hexadecimal digits. */
  readonly grid: string
  /** A GridSpecification as JSON. */
  readonly specification: string
  readonly cells: number
  /** Those that have not come home. */
  readonly open: readonly number[]
  /** Folders of imported data sets that the cells are trained on, in the local data folder; they go to the place once. */
  readonly datasets: readonly string[]
}

export interface Submitted {
  /** The place's own names of what it runs, to show and to ask by. */
  readonly jobs: readonly string[]
  /** Cells that wait here, as the place takes no more at once. */
  readonly left: number
}

export interface TaskState {
  /** `waits` also while it waits to go on; `gone` for one that has ended, whatever came of its run. */
  readonly state: 'waits' | 'runs' | 'gone'
  /** In the scheduler's words: `PENDING (Priority)`, `OUT_OF_MEMORY`. */
  readonly words: string
  /**
   * Of one that is gone: somebody cancelled it; it was the place's doing, and is worth another task a few times; or it never left the queue, and goes there again.
   * Nothing where it ended by itself.
   */
  readonly why?: 'cancelled' | 'place' | 'queue'
}

/** What a cell's files have that was not fetched yet. */
export interface CellNews {
  readonly cell: number
  /** Bytes of the log from the offset that was known on; whole lines or parts of them. */
  readonly log: Uint8Array
  /** A CellEnd as JSON, once the run has ended and all of the log was fetched. */
  readonly end: string | null
}

export interface PlaceCheck {
  readonly name: string
  readonly state: 'fine' | 'fault' | 'unknown'
  readonly text: string
}

/** The place could not be asked: the network is down, its login node starts anew. To be tried again, for as long as it takes. */
export class NoAnswer extends Error {}
