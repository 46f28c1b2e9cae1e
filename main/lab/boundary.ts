import path from 'node:path'
import type { z } from 'zod'
import {
  type Lab,
  LabApi,
  type JobInput,
  type JobName,
  type JobOutput,
  type JobReceived,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type RequestReceived,
  type SubscriptionEvent,
  type SubscriptionInput,
  type SubscriptionReceived,
  type SubscriptionName,
} from '../../shared/api'
import { cutText } from '../../shared/cut-text'
import { UserError } from '../../shared/errors'
import { filePaths } from '../../shared/file-path'
import type { JobProgress, RunningJob } from '../../shared/job'
import { complaintOf } from '../../shared/plain-words'

/** What a job's function is given beside its input. */
export interface JobControl {
  /** Tells how far the work has come. */
  readonly tell: (progress: JobProgress) => void
  /** Called where the work is called off; the function then ends by itself, and what it returns is not heard. */
  readonly onCancel: (listener: () => void) => void
}

/** One function a request, a subscription, a job; inputs have passed their schema. */
export type Handlers = {
  readonly [N in RequestName]: (input: RequestReceived<N>) => RequestOutput<N> | Promise<RequestOutput<N>>
} & {
  readonly [N in SubscriptionName]: (
    input: SubscriptionReceived<N>,
    listener: (event: SubscriptionEvent<N>) => void,
  ) => () => void
} & {
  readonly [N in JobName]: (input: JobReceived<N>, control: JobControl) => Promise<JobOutput<N>>
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
      const checked = received(name, schema, input)
      if (!handler) throw unknown(name, 'request')
      return promised(name, output, await patiently(() => handler(checked))) as RequestOutput<N>
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

    start<N extends JobName>(
      name: N,
      input: JobInput<N>,
      onProgress: (progress: JobProgress) => void = () => undefined,
    ): RunningJob<JobOutput<N>> {
      const { input: schema, output } = declared(name, 'job')
      const handler = handlers[name] as ((input: unknown, control: JobControl) => Promise<unknown>) | undefined
      if (!handler) throw unknown(name, 'job')
      const listeners: (() => void)[] = []
      let isOver = false
      let cancel = (): void => undefined
      const result = new Promise<unknown>((resolve, reject) => {
        const control: JobControl = {
          tell: (progress) => (isOver ? undefined : onProgress(progress)),
          onCancel: (listener) => listeners.push(listener),
        }
        cancel = () => {
          if (isOver) return
          isOver = true
          for (const listener of listeners) listener()
          reject(new UserError('it was called off', { place: name }))
        }
        Promise.resolve(received(name, schema, input))
          .then((checked) => handler(checked, control))
          .then((answer) => resolve(promised(name, output, answer)))
          .catch(reject)
          .finally(() => (isOver = true))
      })
      return { result: result as Promise<JobOutput<N>>, cancel: () => cancel() }
    },
  }
}

function promised(name: string, schema: z.ZodType, answer: unknown): unknown {
  const checked = schema.safeParse(answer)
  if (!checked.success) throw new Error(`${name} answered what it does not promise: ${checked.error.message}`)
  return checked.data
}

function declared<K extends 'request' | 'subscription' | 'job'>(
  name: string,
  kind: K,
): Extract<LabApi[keyof LabApi], { kind: K }> {
  const entry = Object.prototype.hasOwnProperty.call(LabApi, name) ? LabApi[name as keyof LabApi] : undefined
  if (entry?.kind !== kind) throw unknown(name, kind)
  return entry as Extract<LabApi[keyof LabApi], { kind: K }>
}

const unknown = (name: string, kind: string): UserError => new UserError(`the lab has no ${kind} "${cutText(name, 100)}"`)

function received(name: string, schema: z.ZodType, input: unknown): unknown {
  const checked = parsed(name, schema, input)
  if (!checked.success) throw unfit(checked.error, name)
  for (const { field, value } of filePaths(schema, checked.data))
    if (typeof value === 'string' && !path.isAbsolute(value))
      throw new UserError(`"${cutText(value, 300)}" is not an absolute path`, { place: `${name}: ${field}` })
  return checked.data
}

/** Zod asks a length of what is no text, too, and fails itself where that has a length that is no number (`{ length: {} }`). */
function parsed(name: string, schema: z.ZodType, input: unknown): z.ZodSafeParseResult<unknown> {
  try {
    return schema.safeParse(input)
  } catch {
    throw new UserError('holds something that cannot be read', { place: name })
  }
}

/** A schema's first complaint as a sentence that names the field: `training.batch: must be at least 1`. */
export function unfit(error: z.ZodError, place: string): UserError {
  const { path: field, message } = complaintOf(error)
  return new UserError(message, { place: field.length > 0 ? field.map(String).join('.') : place })
}
