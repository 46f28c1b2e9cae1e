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
  constructor(
    readonly problem: string,
    readonly options: { readonly place?: string; readonly remedy?: string } = {},
  ) {
    super((options.place ? `${options.place}: ` : '') + problem + (options.remedy ? `; ${options.remedy}` : ''))
  }
}

/** True for UserErrors of this or another bundle or process (they lose their class on the way). */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
