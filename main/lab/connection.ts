import {
  type FromLab,
  type JobName,
  type Lab,
  LabApi,
  type RequestName,
  type SubscriptionName,
  type ToLab,
} from '../../shared/api'
import { UserError, isUserError } from '../../shared/errors'
import { filePaths } from '../../shared/file-path'
import type { LabPort } from '../../shared/lab-port'
import { extentOf } from './input-extent'

/**
 * Whether a page asks for a file of this computer, which it never may: what may, the request's schema says (shared/file-path.ts).
 */
function namesFile(name: string, input: unknown): boolean {
  const entry = Object.prototype.hasOwnProperty.call(LabApi, name) ? LabApi[name as keyof LabApi] : undefined
  return entry !== undefined && filePaths(entry.input, input).length > 0
}

/** More values than any message of a page holds: a document of 10,000 nodes has some hundred thousand. */
const MOST_VALUES = 5_000_000

/** @throws UserError where nobody should walk through the input, or it names a file. */
function refuseHostile(name: string, input: unknown): void {
  if (extentOf(input) > MOST_VALUES)
    throw new UserError('the page sends more in one message than anybody can look through', { remedy: 'send less at once' })
  if (namesFile(name, input)) throw forbidden(name)
}

/** More standing questions than any page has. */
const MOST_SUBSCRIPTIONS = 200

export interface ConnectionOptions {
  /** Where bugs are written, with their stack. */
  readonly log?: (text: string) => void
}

/** Serves the lab over a port until that closes. What the other end sends is not trusted. */
export function connectLab(lab: Lab, port: LabPort, { log = console.error }: ConnectionOptions = {}): void {
  const subscriptions = new Map<number, () => void>()
  const send = (message: FromLab): void => port.postMessage(message)

  const refuse = (id: number, error: unknown): void => {
    const forUser = isUserError(error)
    if (!forUser) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    const message = forUser
      ? error.message
      : `NormLab made a mistake (${error instanceof Error ? error.message.slice(0, 300) : 'unknown'}); its log says more`
    send({ type: 'refused', id, message, forUser })
  }

  const answer = async ({ id, name, input }: Extract<ToLab, { type: 'request' }>): Promise<void> => {
    try {
      refuseHostile(name, input)
      send({ type: 'answer', id, value: await lab.request(name as RequestName, input as never) })
    } catch (error) {
      refuse(id, error)
    }
  }

  const subscribe = ({ id, name, input }: Extract<ToLab, { type: 'subscribe' }>): void => {
    try {
      if (subscriptions.has(id) || subscriptions.size >= MOST_SUBSCRIPTIONS)
        throw new UserError('the page asks too much at once', { remedy: 'reload it' })
      refuseHostile(name, input)
      const release = lab.subscribe(name as SubscriptionName, input as never, (event) => {
        if (subscriptions.has(id)) send({ type: 'event', id, event })
      })
      subscriptions.set(id, release)
    } catch (error) {
      refuse(id, error)
    }
  }

  const start = ({ id, name, input }: Extract<ToLab, { type: 'start' }>): void => {
    try {
      if (subscriptions.has(id) || subscriptions.size >= MOST_SUBSCRIPTIONS)
        throw new UserError('the page asks too much at once', { remedy: 'reload it' })
      refuseHostile(name, input)
      const { result, cancel } = lab.start(name as JobName, input as never, (progress) => {
        if (subscriptions.has(id)) send({ type: 'progress', id, progress })
      })
      subscriptions.set(id, cancel)
      result
        .then(
          (value) => subscriptions.has(id) && send({ type: 'answer', id, value }),
          (error: unknown) => subscriptions.has(id) && refuse(id, error),
        )
        .finally(() => subscriptions.delete(id))
        .catch(() => undefined)
    } catch (error) {
      refuse(id, error)
    }
  }

  port.onMessage((received) => {
    const message = toLab(received)
    if (message?.type === 'request') void answer(message)
    else if (message?.type === 'subscribe') subscribe(message)
    else if (message?.type === 'start') start(message)
    else if (message?.type === 'release') {
      subscriptions.get(message.id)?.()
      subscriptions.delete(message.id)
    }
  })
  port.onClose(() => {
    for (const release of subscriptions.values()) release()
    subscriptions.clear()
  })
}

function forbidden(name: string): UserError {
  return new UserError(`"${name.slice(0, 100)}" is not open to pages`, { remedy: 'use the command line' })
}

/** The message, where it has the form of one; others are dropped, as there is no id to answer to. */
function toLab(received: unknown): ToLab | undefined {
  if (typeof received !== 'object' || received === null) return undefined
  const { type, id, name } = received as { type?: unknown; id?: unknown; name?: unknown }
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined
  if (type === 'release') return received as ToLab
  return (type === 'request' || type === 'subscribe' || type === 'start') && typeof name === 'string'
    ? (received as ToLab)
    : undefined
}
