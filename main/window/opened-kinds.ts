import { statSync } from 'node:fs'
import path from 'node:path'
import { RUN_FORMATS } from '../../shared/run-files'

export const JSON_ENDING = 'json'

/** Endings of what is opened: network documents and blocks, bundles of runs, and what a data set comes in as one file. */
export const OPENED = [
  JSON_ENDING,
  RUN_FORMATS.bundle,
  'safetensors',
  'npz',
  'zip',
  'tar',
  'gz',
  'tgz',
  'parquet',
  'csv',
] as const

/** Words of a start that name files, also such as are not there, which is told; options and folders are passed over. */
export function filesNamed(argv: readonly string[], folder: string): string[] {
  return argv
    .filter((word) => !word.startsWith('-'))
    .map((word) => path.resolve(folder, word))
    .filter(
      (file) =>
        statSync(file, { throwIfNoEntry: false })?.isFile() !== false &&
        OPENED.some((ending) => file.toLowerCase().endsWith(`.${ending}`)),
    )
}
