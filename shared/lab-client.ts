import type {
  FromLab,
  JobInput,
  JobName,
  JobOutput,
  Lab,
  RequestInput,
  RequestName,
  RequestOutput,
  SubscriptionEvent,
  SubscriptionInput,
  SubscriptionName,
  ToLab,
} from './api'
import { UserError } from './errors'
import type { JobProgress, RunningJob } from './job'
import type { LabPort } from './lab-port'

/** Who hears of a subscription. */
interface Subscriber {
  listener(event: unknown): void
  onRefused(error: Error): void
}

interface Pending {
  resolve(value: unknown): void
  reject(error: Error): void
}

/**
 * The lab at the far end of a port. Used by the window (MessagePort), the browser (WebSocket) and the tests.
 *
 * @throws UserError from `request` where the lab refuses with a sentence for the reader; also where the connection is lost.
 */
export class LabClient implements Lab {
  private next = 1
  private readonly pending = new Map<number, Pending>()
  private readonly subscribers = new Map<number, Subscriber>()
  private readonly progress = new Map<number, (progress: JobProgress) => void>()
  private readonly closeListeners: (() => void)[] = []
  private lost = false

  constructor(private readonly port: LabPort) {
    port.onMessage((message) => this.receive(message as FromLab))
    port.onClose(() => this.lose())
  }

  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.lost) return reject(lostConnection())
      const id = this.next++
      this.pending.set(id, { resolve, reject })
      this.send({ type: 'request', id, name, input })
    }) as Promise<RequestOutput<N>>
  }

  subscribe<N extends SubscriptionName>(
    name: N,
    input: SubscriptionInput<N>,
    listener: (event: SubscriptionEvent<N>) => void,
    onRefused: (error: Error) => void = () => undefined,
  ): () => void {
    const id = this.next++
    this.subscribers.set(id, { listener: listener as (event: unknown) => void, onRefused })
    if (!this.lost) this.send({ type: 'subscribe', id, name, input })
    return () => {
      if (this.subscribers.delete(id) && !this.lost) this.send({ type: 'release', id })
    }
  }

  start<N extends JobName>(
    name: N,
    input: JobInput<N>,
    onProgress: (progress: JobProgress) => void = () => undefined,
  ): RunningJob<JobOutput<N>> {
    const id = this.next++
    let cancel = (): void => undefined
    const result = new Promise<unknown>((resolve, reject) => {
      if (this.lost) return reject(lostConnection())
      const end =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          this.progress.delete(id)
          settle(value)
        }
      this.pending.set(id, { resolve: end(resolve), reject: end(reject) })
      this.progress.set(id, onProgress)
      this.send({ type: 'start', id, name, input })
      cancel = () => {
        const waiting = this.pending.get(id)
        if (!waiting || this.lost) return
        this.pending.delete(id)
        this.send({ type: 'release', id })
        waiting.reject(new UserError('it was called off', { place: name }))
      }
    })
    return { result: result as Promise<JobOutput<N>>, cancel: () => cancel() }
  }

  /** Called once when the connection is lost (or at once, if it already is). */
  onClose(listener: () => void): void {
    if (this.lost) listener()
    else this.closeListeners.push(listener)
  }

  close(): void {
    this.port.close()
    this.lose()
  }

  private send(message: ToLab): void {
    this.port.postMessage(message)
  }

  private receive(message: FromLab): void {
    if (message.type === 'event') {
      this.subscribers.get(message.id)?.listener(message.event)
      return
    }
    if (message.type === 'progress') {
      this.progress.get(message.id)?.(message.progress)
      return
    }
    const waiting = this.pending.get(message.id)
    this.pending.delete(message.id)
    if (message.type === 'answer') waiting?.resolve(message.value)
    else if (message.type === 'refused') {
      const error = message.forUser ? new UserError(message.message) : new Error(message.message)
      waiting?.reject(error)
      const subscriber = this.subscribers.get(message.id)
      this.subscribers.delete(message.id)
      subscriber?.onRefused(error)
    }
  }

  private lose(): void {
    if (this.lost) return
    this.lost = true
    for (const waiting of this.pending.values()) waiting.reject(lostConnection())
    this.pending.clear()
    this.subscribers.clear()
    for (const listener of this.closeListeners) listener()
  }
}

function lostConnection(): UserError {
  return new UserError('the connection to the lab is lost', { remedy: 'reload the page, or start NormLab again' })
}
