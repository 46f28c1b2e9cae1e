import type { Lab } from '../../shared/api'
import { networkFromDocument } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { UserError } from '../../shared/errors'
import { networkOfRun } from '../../shared/run-settings'
import { readJson } from '../files/network-file'
import { bareNumber, keptPlace } from './kept-place'

/** How the help tells of NET. */
export const netArgument = { name: 'NET', description: 'a preset with options, a network document’s file, library:ID, or run:ID' }

/**
 * NET as the command line takes it: a network document's file (its name ends in .json or has a slash), else a preset's words.
 *
 * @throws UserError that names the file, and the line or the field.
 */
export function networkChoice(text: string): string | NetworkDocument {
  // Planes and widths of a preset have slashes too, but after its colon.
  if (/^\d+$/.test(text)) throw bareNumber(text, 'a number by itself names no network')
  const isFile = text.endsWith('.json') || /[/\\]/.test(text.split(':')[0]!)
  return isFile ? networkFromDocument(readJson(text), text) : text
}

/**
 * NET with the library and the runs among what it may be: `library:3`, `run:7`.
 *
 * @throws UserError as `networkChoice`, or where there is no such network or run.
 */
export async function anyNetwork(lab: () => Lab, text: string): Promise<string | NetworkDocument> {
  const kept = keptPlace(text)
  if (kept === undefined) return networkChoice(text)
  if ('run' in kept) return networkOfRun(await lab().request('runs.show', { run: kept.run }))
  const { document } = await lab().request('library.show', { id: kept.item })
  if (document.format === 'normlab/network') return document
  throw new UserError(`item ${kept.item} is a block and no network`, { place: text, remedy: 'see normlab library list' })
}
