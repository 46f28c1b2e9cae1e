import { existsSync } from 'node:fs'
import path from 'node:path'
import type { WeightsPlace } from '../../shared/api'
import type { Parsed } from './arguments'
import { bareNumber, keptPlace } from './kept-place'
import { givenMap } from './weight-map'

/** How the help tells of weights that lie somewhere. */
export const PLACES = 'a file, run:ID (its newest checkpoint; run:ID@STEP another), or library:ID'

/** Where weights lie, as the command line names it everywhere. @throws UserError for a number by itself that is no file's name. */
export function weightsPlace(word: string, words: Parsed): WeightsPlace {
  const kept = keptPlace(word)
  if (kept) return kept
  if (/^\d+$/.test(word) && !existsSync(word)) throw bareNumber(word, 'there is no file of this name')
  return { file: path.resolve(word), ...givenMap(words) }
}
