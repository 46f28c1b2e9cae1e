import { existsSync, lstatSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { reasonOfAny } from '../files/reasons'
import { ASIDE_ENDING } from '../files/write-file'

/** A run's checkpoint: its state after a step. */
export interface Checkpoint {
  readonly step: number
  readonly file: string
}

const NAME = /^step-(\d{8,})\.safetensors$/

export const checkpointFile = (folder: string, step: number): string =>
  path.join(folder, `step-${String(step).padStart(8, '0')}.safetensors`)

/** The weights that a run began with, where they were a file's; no checkpoint. */
export const startWeightsFile = (folder: string): string => path.join(folder, 'initial.safetensors')

/** The checkpoints of all runs: `checkpoints/RUN/step-00000120.safetensors` in the data folder. */
export class Checkpoints {
  readonly folder: string

  constructor(home: string) {
    this.folder = path.join(home, 'checkpoints')
  }

  /** A run's folder and its checkpoints, newest first. Files that are something else, half-written ones too, are none. */
  of(run: number): { folder: string; files: Checkpoint[] } {
    const folder = path.join(this.folder, String(run))
    let names: string[]
    try {
      names = readdirSync(folder)
    } catch {
      return { folder, files: [] }
    }
    const files = names
      .flatMap((name) => {
        const match = NAME.exec(name)
        return match ? [{ step: Number(match[1]), file: path.join(folder, name) }] : []
      })
      .sort((a, b) => b.step - a.step)
    return { folder, files }
  }

  /** Removes what a process that died was writing, where it can be. */
  sweep(run: number): void {
    const folder = path.join(this.folder, String(run))
    if (existsSync(folder))
      removed(readdirSync(folder).flatMap((name) => (name.endsWith(ASIDE_ENDING) ? [path.join(folder, name)] : [])))
  }

  /**
   * Removes all but the last few and the best.
   *
   * @param stored The last step that the store has. A checkpoint of a later one is no use yet, and takes no other's place.
   * @returns what could not be removed, a sentence each; it is tried again the next time.
   */
  prune(run: number, keep: number, best: number | undefined, stored: number): string[] {
    const useful = this.of(run).files.filter(({ step }) => step <= stored)
    return removed(useful.slice(keep).flatMap(({ step, file }) => (step !== best ? [file] : [])))
  }

  /** Removes some. @returns what could not be removed, a sentence each. */
  remove(some: readonly Checkpoint[]): string[] {
    return removed(some.map(({ file }) => file))
  }

  /** What a run's files take, bytes. */
  bytes(run: number): number {
    const { folder } = this.of(run)
    try {
      return readdirSync(folder).reduce(
        (sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      )
    } catch {
      return 0
    }
  }

  /** Removes all of a run's files. @throws UserError where one cannot be removed; then all of them are still there. */
  delete(run: number): void {
    const { folder } = this.of(run)
    const files = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []
    const left = notMovable(files) ?? removed(files)
    if (left[0] !== undefined)
      throw new UserError(left[0], {
        remedy: 'close what has it open, or give yourself permission to remove it, and try again',
      })
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What keeps a file from being removed keeps it from another name too, and that can be taken back. @returns a sentence where there is such a file. */
function notMovable(files: readonly string[]): string[] | undefined {
  for (const file of files) {
    const other = `${file}${ASIDE_ENDING}`
    try {
      renameSync(file, other)
      renameSync(other, file)
    } catch (error) {
      return [notRemoved(file, error)]
    }
  }
  return undefined
}

const notRemoved = (file: string, error: unknown): string => `${file} cannot be removed: ${reasonOfAny(error)}`

/** Removes files one by one. @returns a sentence for each that is still there. */
function removed(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    try {
      // A file whose removal the system refuses would be tried as a folder by rmSync, and that error told.
      if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmSync(file, { recursive: true, force: true })
      else if (lstatSync(file, { throwIfNoEntry: false })) unlinkSync(file)
      return []
    } catch (error) {
      return [notRemoved(file, error)]
    }
  })
}
