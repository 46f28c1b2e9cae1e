import { readFileSync } from 'node:fs'
import { networkFromDocument } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { UserError } from '../../shared/errors'
import { jsonErrorOffset } from './json-position'

/** Larger than any document: a guard against a wrong file. */
const MOST_BYTES = 64e6

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
  if (text.length > MOST_BYTES) throw new UserError('the file is too large for a network document', { place: file })
  text = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch {
    const before = text.slice(0, jsonErrorOffset(text)).split('\n')
    const place = `${file}, line ${before.length}, column ${before[before.length - 1]!.length + 1}`
    throw new UserError('this is not JSON', { place, remedy: 'correct it there' })
  }
}
