import { shallowRef } from 'vue'
import type {
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
} from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { JobProgress, RunningJob } from '../../shared/job'
import { LabClient } from '../../shared/lab-client'
import type { LabPort } from '../../shared/lab-port'
import type { Connection, LabLink } from './lab-injection'

interface Standing {
  start(client: LabClient): () => void
  release: (() => void) | null
}

const RETRY_MS = [500, 1000, 2000, 4000]

/**
 * One lab for the life of the page over wires that may break: requests wait for the wire, subscriptions are taken up
 * again on the next one.
 *
 * @param open Opens a wire, or throws.
 * @param isRefused Asked after a failure: is the server there, and does not want us?
 */
export function reconnectingLab(open: () => Promise<LabPort>, isRefused: () => Promise<boolean>): LabLink {
  const connection = shallowRef<Connection>('connecting')
  const session = shallowRef(0)
  const standing = new Set<Standing>()
  let client: LabClient | null = null
  let waiting: ((client: LabClient) => void)[] = []

  async function connect(attempt: number): Promise<void> {
    let port: LabPort
    try {
      port = await open()
    } catch {
      // A server that is just coming back may answer this and have refused nothing: the next try tells.
      connection.value = (await isRefused()) && (attempt > 0 || session.value === 0) ? 'refused' : 'lost'
      setTimeout(() => void connect(attempt + 1), RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])
      return
    }
    const opened = new LabClient(port)
    client = opened
    opened.onClose(() => {
      if (client !== opened) return
      client = null
      for (const one of standing) one.release = null
      connection.value = 'lost'
      void connect(0)
    })
    session.value++
    connection.value = 'open'
    for (const one of standing) one.release = one.start(opened)
    const ready = waiting
    waiting = []
    for (const go of ready) go(opened)
  }
  void connect(0)

  const lab: Lab = {
    async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
      const through = client ?? (await new Promise<LabClient>((resolve) => waiting.push(resolve)))
      return through.request(name, input)
    },
    subscribe<N extends SubscriptionName>(
      name: N,
      input: SubscriptionInput<N>,
      listener: (event: SubscriptionEvent<N>) => void,
      onRefused?: (error: Error) => void,
    ) {
      // One that was refused is asked for again on the next wire: that may lead to another lab.
      const one: Standing = { start: (on) => on.subscribe(name, input, listener, onRefused), release: null }
      standing.add(one)
      if (client) one.release = one.start(client)
      return () => {
        standing.delete(one)
        one.release?.()
      }
    },
    start<N extends JobName>(name: N, input: JobInput<N>, onProgress?: (progress: JobProgress) => void) {
      let job: RunningJob<JobOutput<N>> | null = null
      let isOff = false
      const begin = async (): Promise<JobOutput<N>> => {
        const through = client ?? (await new Promise<LabClient>((resolve) => waiting.push(resolve)))
        if (isOff) throw new UserError('it was called off', { place: name })
        job = through.start(name, input, onProgress)
        return job.result
      }
      return {
        result: begin(),
        cancel: () => {
          isOff = true
          job?.cancel()
        },
      }
    },
  }
  return { lab, connection, session }
}
