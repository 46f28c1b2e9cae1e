/**
 * An error meant for the reader of the screen: what is wrong, where, and what to do next.
 * Everything that is not a UserError is a bug, and keeps its stack in the log.
 */
export class UserError extends Error {
  override readonly name = 'UserError'

  /**
   * @param problem What is wrong, one clause without a full stop: `stride 3 does not divide 16`.
   * @param options.place Where: a file, a node and field, a setting.
   * @param options.remedy What to do next, one clause: `use 1, 2 or 4`.
   */
  readonly problem: string
  readonly options: { readonly place?: string; readonly remedy?: string }

  constructor(problem: string, { place, remedy }: { readonly place?: string; readonly remedy?: string } = {}) {
    const told = { problem: oneLine(problem), place: place && oneLine(place), remedy: remedy && oneLine(remedy) }
    super((told.place ? `${told.place}: ` : '') + told.problem + (told.remedy ? `; ${told.remedy}` : ''))
    this.problem = told.problem
    this.options = {
      ...(told.place !== undefined && { place: told.place }),
      ...(told.remedy !== undefined && { remedy: told.remedy }),
    }
  }
}

/** A sentence is one line: names in it are others', and may hold line breaks and what steers a terminal. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')

/** True for UserErrors of this or another bundle or process (they lose their class on the way). */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
