import { countWords } from '../../../shared/count-words'

/** What an import says of files, a sentence each. */

/** Names that are told one by one. */
const TOLD_NAMES = 10
/** Files that are told with what is wrong with each. */
const TOLD_FAULTS = 20

export interface FileFault {
  readonly file: string
  readonly why: string
}

/** What is said of one file, and of several. */
type Said = readonly [one: string, several: string]

/** `2 files are taken with it: a, b`; nothing where there is none. */
export function listed([one, several]: Said, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const some = names.slice(0, TOLD_NAMES).join(', ')
  return [
    `${countWords(names.length, 'file')} ${names.length === 1 ? one : several}: ${some}${names.length > TOLD_NAMES ? ', …' : ''}`,
  ]
}

/** What lies in a source and is no part of the set; nothing where there is none. It could be read, so the check of unreadable files passes it over. */
export function leftOut(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > TOLD_NAMES ? `, … (${names.length.toLocaleString('en-US')} in all)` : ''
  return [`left out, as no part of the set: ${names.slice(0, TOLD_NAMES).join(', ')}${more}`]
}

/** `2 files could not be read and are left out: a (cut short), b (empty)`; nothing where there is none. */
export function listedFaults([one, several]: Said, files: readonly FileFault[]): string[] {
  if (files.length === 0) return []
  const some = files.slice(0, TOLD_FAULTS).map(({ file, why }) => `${file} (${why})`)
  return [
    `${countWords(files.length, 'file')} ${files.length === 1 ? one : several}: ${some.join(', ')}${files.length > TOLD_FAULTS ? ', …' : ''}`,
  ]
}
