import type { NetworkDocument } from '../../../shared/architecture/document'
import type { History } from './history'

/** How a network of the library was left: undo goes on where it is opened again as it was. */
interface Session {
  readonly document: NetworkDocument
  readonly history: History<NetworkDocument>
}

/** The last ones that were left, by the library's number; they live as long as the window. */
const sessions = new Map<number, Session>()
const MOST = 50

export function leaveSession(item: number, session: Session): void {
  sessions.delete(item)
  sessions.set(item, session)
  const oldest = sessions.keys().next().value
  if (sessions.size > MOST && oldest !== undefined) sessions.delete(oldest)
}

/** The session of a network, where the library has it still as it was left; null where something else has changed it. */
export function findSession(item: number | undefined, document: NetworkDocument): Session | null {
  const session = item === undefined ? undefined : sessions.get(item)
  return session && inOrder(session.document) === inOrder(document) ? session : null
}

/** A document as text that does not depend on the order in which its fields were written: the library has its own. */
function inOrder(document: NetworkDocument): string {
  return JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
