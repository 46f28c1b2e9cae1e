import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { withoutOptions } from '../../shared/datasets/import-questions'
import type { z } from 'zod'
import type { ChosenFor } from '../../shared/api/dataset-looks'
import { isUserError, UserError } from '../../shared/errors'

/** What a person chose it for: to be read, as a backup to be written, or as a data folder to be made. */
export type Purpose = z.output<typeof ChosenFor>

interface Source {
  readonly purpose: Purpose
  readonly path: string
  /** Goes with it. */
  readonly folder: string | null
}

/**
 * Sources of data sets that a person chose, by words that mean nothing elsewhere: pages speak of a source by its word and never learn
 * or say a path. Whatever is temporary about a source is taken away with its word, and all of it in the end.
 */
export class ChosenSources {
  private readonly sources = new Map<string, Source>()

  /**
   * @param files One file or folder, or files that belong together.
   * @param isTemporary Whether the folder that the first lies in was made for it.
   * @param purpose What it may be used for.
   */
  choose(files: readonly string[], isTemporary: boolean, purpose: Purpose = 'source'): { chosen: string; name: string } {
    const chosen = randomBytes(16).toString('hex')
    const [first] = files
    if (files.length === 1) this.sources.set(chosen, { purpose, path: first!, folder: isTemporary ? path.dirname(first!) : null })
    else this.sources.set(chosen, { purpose, ...gathered(files) })
    return { chosen, name: path.basename(this.pathOf(chosen, purpose)) }
  }

  /** @throws UserError where the word means nothing any more, or was given for something else: what was chosen to be read is not written over. */
  pathOf(chosen: string, purpose: Purpose = 'source'): string {
    const source = this.sources.get(chosen)
    if (source?.purpose === purpose) return source.path
    throw new UserError('this source is not at hand any more', { place: 'import', remedy: 'choose the file or folder again' })
  }

  letGo(chosen: string): void {
    const source = this.sources.get(chosen)
    this.sources.delete(chosen)
    if (source?.folder) fs.rmSync(source.folder, { recursive: true, force: true })
  }

  close(): void {
    for (const chosen of [...this.sources.keys()]) this.letGo(chosen)
  }
}

/**
 * Does something with a source that a page chose. Pages name no path and have no command line: what is said of it calls it by its name alone.
 *
 * @param chosen Whether a page asks; what a command line asks is told as it is.
 */
export async function inPageWords<T>(chosen: string | undefined, source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (chosen === undefined || !isUserError(error)) throw error
    throw new UserError(pageSentence(error.message, source))
  }
}

export function pageSentence(sentence: string, source: string): string {
  const folder = path.dirname(source)
  return withoutOptions(sentence)
    .split(source)
    .join(path.basename(source))
    .split(`${folder}: `)
    .join('')
    .split(folder)
    .join(path.basename(folder))
}

/** Several files as one folder of links to them; where the system makes no links, of copies. */
function gathered(files: readonly string[]): Omit<Source, 'purpose'> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'normlab-files-'))
  // A folder in it has the name that a set of them is called by.
  const inner = path.join(folder, path.basename(path.dirname(files[0]!)) || 'files')
  fs.mkdirSync(inner)
  for (const file of files) {
    if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      fs.rmSync(folder, { recursive: true, force: true })
      throw new UserError('a folder beside other files cannot be taken together', {
        place: path.basename(file),
        remedy: 'choose the one folder that holds all of them',
      })
    }
    const place = path.join(inner, path.basename(file))
    try {
      fs.symlinkSync(file, place)
    } catch {
      fs.copyFileSync(file, place)
    }
  }
  return { path: inner, folder }
}

/** What a request names its source by. @throws UserError where that is nothing, both, or not there: no engine is started to find that. */
export function sourceOf(
  sources: ChosenSources,
  file: string | undefined,
  chosen: string | undefined,
  purpose: Purpose = 'source',
): string {
  if (file !== undefined && chosen === undefined) {
    if (purpose === 'source' && !fs.existsSync(file)) throw new UserError('there is no such file or folder', { place: file })
    return file
  }
  if (chosen !== undefined && file === undefined) return sources.pathOf(chosen, purpose)
  throw new UserError('a source is named by its path or by the word for it', { place: 'datasets' })
}
