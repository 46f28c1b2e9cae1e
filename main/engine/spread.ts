import type { MessagePort } from 'node:worker_threads'
import type { Execution } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { partsOf } from '../../shared/parts'
import type { Places } from './graph/replica-graph'
import type { ServeRequest } from './protocol'
import { tensorflow } from './tensorflow/binding'
import { encodeServer, JOB, type SessionOptions } from './tensorflow/saved-model'

/** A training pass over several devices of this process, or over several processes: each computes its part of every batch. */
export interface Spread {
  readonly places: Places
  readonly session: Partial<SessionOptions>
  /** Starts this process's server and tells its target, where there are several processes. */
  readonly target?: (options: SessionOptions) => string
}

/**
 * @param cluster Addresses of the run's processes, this one's first; undefined where it is alone.
 * @returns undefined where everything is computed in one place.
 */
export function spreadOf(execution: Execution, cluster?: readonly string[]): Spread | undefined {
  if (cluster) return overProcesses(cluster)
  const { count } = partsOf(execution)
  return count > 1 ? overDevices(execution.device.startsWith('gpu') ? 'GPU' : 'CPU', count) : undefined
}

/** Over devices of this process, numbered as TensorFlow sees them: what the process was started with, from 0. */
export function overDevices(kind: 'CPU' | 'GPU', count: number): Spread {
  const parts = Array.from({ length: count }, (_, i) => `/device:${kind}:${i}`)
  return {
    places: { parts },
    session: { isSpread: true, parallelOperations: 2 * count, ...(kind === 'CPU' && { cpuDevices: count }) },
  }
}

function overProcesses(addresses: readonly string[]): Spread {
  const parts = addresses.map((_, task) => `/job:${JOB}/task:${task}`)
  return {
    places: { base: parts[0], parts },
    session: { isSpread: true },
    target: (options) => tensorflow().startServer(encodeServer({ addresses, task: 0 }, options)),
  }
}

/** Computes parts of another process's run, as long as this process lives. @param port Of this thread, which it keeps alive. */
export function serve({ cluster, threads }: ServeRequest, port: MessagePort): void {
  tensorflow().startServer(encodeServer(cluster, { threads, parallelOperations: 2, isSpread: true }))
  port.ref()
  port.on('message', () => undefined)
}

/** Until whoever started a run's processes has noticed that one is gone, and ends the others. */
const NOTICE_MS = 10_000

/**
 * What a run of several processes fails with. Where one of the others is gone this process is about to be ended too, and the run taken up again: only if
 * that does not happen is there anything to say.
 */
export async function whenOthersAreGone(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !/remote target|\/task:[1-9]/.test(error.message)) return error
  await new Promise((resolve) => setTimeout(resolve, NOTICE_MS))
  if (!/UNAVAILABLE|grpc_status:14|Connection reset|failed to connect/i.test(error.message)) return error
  return new UserError('another process of this run no longer answers', { remedy: 'resume the run' })
}
