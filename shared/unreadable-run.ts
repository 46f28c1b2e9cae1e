import { UserError } from './errors'
import { notTrainedHere, type RunOrigin } from './run-origin'

/** @throws UserError where a run cannot be read whole, or was trained elsewhere, so that no other one is started in its place. */
export function requireReadable({
  id,
  unreadable,
  origin,
}: {
  readonly id: number
  readonly unreadable: readonly string[]
  readonly origin?: RunOrigin | undefined
}): void {
  if (origin)
    throw new UserError(notTrainedHere(id, origin), { remedy: 'its records can be looked at; train a run of the lab instead' })
  if (unreadable[0] !== undefined)
    throw new UserError(unreadable[0], { place: `run ${id}`, remedy: 'it can be looked at, but not run again' })
}
