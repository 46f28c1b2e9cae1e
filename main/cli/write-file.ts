import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'

/**
 * Writes a text as one file: beside the target first, then moved into place, so that the target is whole or untouched. What is there
 * and is not a file, such as `/dev/stdout`, is written to as it is.
 *
 * @throws UserError that names the file.
 */
export function writeTextFile(file: string, text: string): void {
  const aside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`)
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) return writeFileSync(file, text)
    writeFileSync(aside, text, { flush: true })
    renameSync(aside, file)
  } catch (error) {
    rmSync(aside, { force: true })
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UserError(`the file cannot be written (${code})`, { place: file, remedy: 'choose another place with --out' })
  }
}
