import { readFileSync } from 'node:fs'
import { networkFromDocument } from '../../shared/architecture'
import { UserError } from '../../shared/errors'
import { parseJson } from '../../shared/json-text'
import { BlockDocument, type LibraryItem } from '../../shared/library'
import { complaintOf } from '../../shared/plain-words'
import { isSystemError, reasonOf } from './reasons'

/** A network's or a block's document. @throws UserError that names the file and the field. */
export function readNetworkFile(file: string): LibraryItem['document'] {
  const value = readJson(file)
  if ((value as { format?: unknown } | null)?.format !== 'normlab/block') return networkFromDocument(value, file)
  const block = BlockDocument.safeParse(value)
  if (block.success) return block.data
  const { path: field, message } = complaintOf(block.error)
  throw new UserError(`${field.length > 0 ? `${field.map(String).join('.')}: ` : ''}${message}`, {
    place: file,
    remedy: 'correct it there',
  })
}

/** @throws UserError that names the file, and the line. */
export function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(error.code === 'ENOENT' ? 'there is no such file' : `the file cannot be read: ${reasonOf(error)}`, {
      place: file,
      remedy: error.code === 'EISDIR' ? 'name a file in it' : 'check its name and that it is yours to read',
    })
  }
  return parseJson(text, file)
}
