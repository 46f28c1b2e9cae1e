import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'
import { requireSpace } from '../../files/space'
import type { TensorflowKind } from '../../resources'
import { type About, engineFolder, enginesFolder, finishEngine, sweepEngines } from './installed'

/** How far a long piece of work has come, bytes. */
export type Tell = (phase: string, done: number, total: number) => void

export interface EngineWork {
  readonly signal?: AbortSignal | undefined
  readonly tell?: Tell | undefined
  /** Tries an engine in a process of its own; what it throws keeps the engine from being installed. */
  readonly try?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Makes an engine beside its place, tries it, and moves it there last: what is not whole, does not load or was called off leaves nothing.
 *
 * @param needed Bytes that the making takes of the disk.
 * @param fill Puts the engine's files into a folder.
 * @throws UserError where there is no room or the folder cannot be written.
 */
export async function makeEngine(
  home: string,
  kind: TensorflowKind,
  needed: number,
  fill: (folder: string) => Promise<About['files']>,
  { signal, tell, try: attempt }: EngineWork,
): Promise<void> {
  const folder = enginesFolder(home)
  const aside = path.join(folder, `.making-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: 0o700 })
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    sweepEngines(home)
    await requireSpace(folder, needed)
    mkdirSync(aside, { mode: 0o700 })
    finishEngine(aside, kind, await fill(aside))
    signal?.throwIfAborted()
    tell?.('trying', 0, 0)
    await attempt?.(aside)
    signal?.throwIfAborted()
    replace(engineFolder(home, kind), aside)
  } catch (error) {
    if (!isSystemError(error) || signal?.aborted) throw error
    throw new UserError(`the engine cannot be kept there: ${reasonOf(error)}`, {
      place: folder,
      remedy: 'make room there, or choose another data folder with --home',
    })
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function replace(target: string, made: string): void {
  const old = path.join(path.dirname(target), `.removed-${process.pid}-${randomBytes(4).toString('hex')}`)
  if (existsSync(target)) renameSync(target, old)
  renameSync(made, target)
  rmSync(old, { recursive: true, force: true })
}
