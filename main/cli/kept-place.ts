import type { WeightsPlace } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { wholeNumber } from './arguments'

/** `run:3`, `run:3@120` (its checkpoint after that step) or `library:2`; undefined for any other word. @throws UserError where no number follows. */
export function keptPlace(word: string): Exclude<WeightsPlace, { file: string }> | undefined {
  const [, kind, id] = /^(run|library):(.*)$/.exec(word) ?? []
  if (kind === undefined) return undefined
  if (kind === 'library') return { item: wholeNumber(id!, word, 1) }
  const [run, step] = id!.split('@') as [string, string | undefined]
  return { run: wholeNumber(run, word, 1), ...(step !== undefined && { step: wholeNumber(step, word, 0) }) }
}

/** What is told where a run or an item is named by its number alone. */
export function bareNumber(word: string, problem: string): UserError {
  return new UserError(problem, {
    place: `"${word}"`,
    remedy: `a run is named run:${word} here, an item of the library library:${word}`,
  })
}
