import { UserError } from './errors'

/** @throws UserError where a run cannot be read whole, so that no other one is started in its place. */
export function requireReadable({ id, unreadable }: { readonly id: number; readonly unreadable: readonly string[] }): void {
  if (unreadable[0] !== undefined)
    throw new UserError(unreadable[0], { place: `run ${id}`, remedy: 'it can be looked at, but not run again' })
}
