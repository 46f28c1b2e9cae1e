import { UserError } from '../../shared/errors'
import type { Usage } from './arguments'

/** A complaint of the lab's about a field that an option gave, by the option's name: `--size` where the lab says `size`. */
export function byOption(error: unknown, { options = [] }: Usage): unknown {
  // Kinds of their own, such as a store that cannot be opened, tell of no field.
  if (!(error instanceof UserError) || error.constructor !== UserError) return error
  const name = error.options.place?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return options.some((option) => option.name === name)
    ? new UserError(error.problem, { ...error.options, place: `--${name}` })
    : error
}
