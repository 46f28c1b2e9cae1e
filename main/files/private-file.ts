import { lstatSync, readFileSync } from 'node:fs'

/** The text of a file for its user alone. @throws where there is none, or where another user of this machine could have read or written it. */
export function readPrivate(file: string): string {
  const { mode, uid } = lstatSync(file)
  if (process.platform !== 'win32' && ((mode & 0o077) !== 0 || uid !== process.getuid?.()))
    throw new Error(`${file} is not its user's alone`)
  return readFileSync(file, 'utf8')
}
