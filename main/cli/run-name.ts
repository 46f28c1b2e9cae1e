import { UserError } from '../../shared/errors'

/** The name that somebody gives a run. @param place `--name`. @throws UserError where it is empty, or blanks alone. */
export function runName(text: string, place: string): string {
  const name = text.trim()
  if (name === '') throw new UserError('the name is empty', { place, remedy: 'write one such as "wide, projected"' })
  return name
}
