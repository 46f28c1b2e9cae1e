import { UserError } from '../../shared/errors'
import type { WireError } from './protocol'

/** An error as it travels between processes and threads, where it would lose its class. */
export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error), forUser: false }
  const plain = { message: error.message, forUser: error.name === 'UserError' }
  return error.stack === undefined ? plain : { ...plain, stack: error.stack }
}

export function fromWire({ message, forUser, stack }: WireError): Error {
  if (forUser) return new UserError(message)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}
