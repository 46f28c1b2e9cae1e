import { UserError } from '../../shared/errors'
import type { Parsed } from './arguments'

/** An option without which this form of a command cannot be. @throws UserError where it is missing. */
export function needed(words: Parsed, name: string, what: string): string {
  const told = words.text(name)
  if (told !== undefined) return told
  throw new UserError(`${what} needs --${name}`, { place: words.command, remedy: `see normlab ${words.command} --help` })
}
