import path from 'node:path'
import type { z } from 'zod'
import {
  type Lab,
  LabApi,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type RequestReceived,
  type SubscriptionEvent,
  type SubscriptionInput,
  type SubscriptionReceived,
  type SubscriptionName,
} from '../../shared/api'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'

/** One function a request, one a subscription; inputs have passed their schema. */
export type Handlers = {
  readonly [N in RequestName]: (input: RequestReceived<N>) => RequestOutput<N> | Promise<RequestOutput<N>>
} & {
  readonly [N in SubscriptionName]: (
    input: SubscriptionReceived<N>,
    listener: (event: SubscriptionEvent<N>) => void,
  ) => () => void
}

/**
 * A lab, or the part of it that has handlers, behind its schemas: what comes in is checked and completed, answers are what was
 * promised. Events are made by the same functions as the answers, ten times a second, and not checked again.
 *
 * @param patiently Does a piece of work, again where something that may pass kept it from beginning.
 */
export function boundary(
  handlers: Partial<Handlers>,
  patiently: <T>(work: () => T | Promise<T>) => Promise<T> = async (work) => work(),
): Lab {
  return {
    async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
      const { input: schema, output } = declared(name, 'request')
      const handler = handlers[name] as ((input: unknown) => unknown) | undefined
      const checkedInput = received(name, schema, input)
      if (!handler) throw unknown(name, 'request')
      const answer = await patiently(() => handler(checkedInput))
      const checked = (output as z.ZodType).safeParse(answer)
      if (!checked.success) throw new Error(`${name} answered what it does not promise: ${checked.error.message}`)
      return checked.data as RequestOutput<N>
    },

    subscribe<N extends SubscriptionName>(
      name: N,
      input: SubscriptionInput<N>,
      listener: (event: SubscriptionEvent<N>) => void,
    ): () => void {
      const { input: schema } = declared(name, 'subscription')
      const handler = handlers[name] as
        ((input: unknown, listener: (event: SubscriptionEvent<N>) => void) => () => void) | undefined
      const checkedInput = received(name, schema, input)
      if (!handler) throw unknown(name, 'subscription')
      return handler(checkedInput, listener)
    },
  }
}

function declared<K extends 'request' | 'subscription'>(name: string, kind: K): Extract<LabApi[keyof LabApi], { kind: K }> {
  const entry = Object.prototype.hasOwnProperty.call(LabApi, name) ? LabApi[name as keyof LabApi] : undefined
  if (entry?.kind !== kind) throw unknown(name, kind)
  return entry as Extract<LabApi[keyof LabApi], { kind: K }>
}

const unknown = (name: string, kind: string): UserError => new UserError(`the lab has no ${kind} "${name}"`)

function received(name: string, schema: z.ZodType, input: unknown): unknown {
  const checked = schema.safeParse(input)
  if (!checked.success) throw unfit(checked.error, name)
  for (const [field, file] of Object.entries(checked.data as object).flatMap(([field, value]) => filesIn(field, value))) {
    if (typeof file === 'string' && !path.isAbsolute(file))
      throw new UserError(`"${file}" is not an absolute path`, { place: `${name}: ${field}` })
  }
  return checked.data
}

/** Fields that name files, where they are text; `weights` may hold its own `file`. */
const FILE_FIELDS: ReadonlySet<string> = new Set(['weights', 'batch', 'batches', 'out', 'file'])

function filesIn(field: string, value: unknown): [string, unknown][] {
  if (!FILE_FIELDS.has(field)) return []
  return typeof value === 'object' && value !== null && 'file' in value ? [[`${field}.file`, value.file]] : [[field, value]]
}

/** A schema's first complaint as a sentence that names the field: `training.batch: must be at least 1`. */
export function unfit(error: z.ZodError, place: string): UserError {
  const { path: field, message } = complaintOf(error)
  return new UserError(message, { place: field.length > 0 ? field.map(String).join('.') : place })
}
