import { readFileSync } from 'node:fs'
import { networkFromDocument } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { UserError } from '../../shared/errors'
import { parseJson } from '../../shared/json-text'

/**
 * NET as the command line takes it: a network document's file (its name ends in .json or has a slash), else a preset's words.
 *
 * @throws UserError that names the file, and the line or the field.
 */
export function networkChoice(text: string): string | NetworkDocument {
  // Planes and widths of a preset have slashes too, but after its colon.
  const isFile = text.endsWith('.json') || /[/\\]/.test(text.split(':')[0]!)
  return isFile ? networkFromDocument(readJson(text), text) : text
}

/** @throws UserError that names the file, and the line. */
export function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? String(error)})`, {
      place: file,
    })
  }
  return parseJson(text, file)
}
