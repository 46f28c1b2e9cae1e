/** What can be gone back to: a document and what was selected in it. */
export interface Moment<D> {
  readonly document: D
  readonly selection: readonly string[]
}

interface Step<D> {
  readonly label: string
  readonly merge: string | undefined
  readonly before: Moment<D>
  readonly after: Moment<D>
}

/** Steps of editing without limit: documents share what did not change, so that a step costs what it changed. */
export interface History<D> {
  readonly done: readonly Step<D>[]
  readonly undone: readonly Step<D>[]
}

export const noHistory: History<never> = { done: [], undone: [] }

/** With one more step; steps of one `merge` word that follow one another are one. */
export function withStep<D>(
  { done }: History<D>,
  label: string,
  before: Moment<D>,
  after: Moment<D>,
  merge?: string,
): History<D> {
  const last = done[done.length - 1]
  const joins = merge !== undefined && last?.merge === merge && last.before.selection.join() === before.selection.join()
  const step = { label, merge, before: joins ? last.before : before, after }
  return { done: [...(joins ? done.slice(0, -1) : done), step], undone: [] }
}

/** @returns null where there is nothing to undo. */
export function stepBack<D>({ done, undone }: History<D>): { history: History<D>; moment: Moment<D> } | null {
  const last = done[done.length - 1]
  return last ? { history: { done: done.slice(0, -1), undone: [...undone, last] }, moment: last.before } : null
}

/** @returns null where there is nothing to do again. */
export function stepForward<D>({ done, undone }: History<D>): { history: History<D>; moment: Moment<D> } | null {
  const next = undone[undone.length - 1]
  return next ? { history: { done: [...done, next], undone: undone.slice(0, -1) }, moment: next.after } : null
}
