import type { Summary } from '../../run-list/run-state'

/** Whether a run fits a filter's expression. */
export type Fits = (run: Summary) => boolean

/** Where in the text, from 0, something is wrong, and what. */
export class FilterError extends Error {
  constructor(
    message: string,
    readonly at: number,
    /** It may become right as the writer goes on: a value, the end of a parenthesis is still to come. */
    readonly isUnfinished = false,
  ) {
    super(message)
  }
}
