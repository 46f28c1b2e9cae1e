import type { WeightsPlace } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { wholeNumber } from './arguments'

/** `run:3` or `library:2`; undefined for any other word. @throws UserError where no number follows. */
export function keptPlace(word: string): Exclude<WeightsPlace, { file: string }> | undefined {
  const [, kind, id] = /^(run|library):(.*)$/.exec(word) ?? []
  if (kind === undefined) return undefined
  const number = wholeNumber(id!, word, 1)
  return kind === 'run' ? { run: number } : { item: number }
}

/** What is told where a run or an item is named by its number alone. */
export function bareNumber(word: string, problem: string): UserError {
  return new UserError(problem, {
    place: `"${word}"`,
    remedy: `a run is named run:${word} here, an item of the library library:${word}`,
  })
}
