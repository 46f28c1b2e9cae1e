import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { HostEvent, HostRequest } from '../protocol'
import type { Host, StartHost } from './host'

/** Below those that Linux gives out by itself. */
const [LEAST_PORT, MOST_PORT] = [10_000, 32_000]

/** Addresses of this machine's loopback that nobody listens on; see `main/engine/tensorflow/kernels/server.cc`. */
export function freeAddresses(count: number): string[] {
  const taken = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap(portsIn))
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(LEAST_PORT, MOST_PORT)
    if (!taken.has(port)) ports.add(port)
  }
  return [...ports].map((port) => `127.0.0.1:${port}`)
}

/** Ports of this machine's own side. */
function portsIn(file: string): number[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(1)
    return lines.flatMap((line) => /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /.exec(line)?.[1] ?? []).map((port) => parseInt(port, 16))
  } catch {
    // A system that does not tell: a server that finds its port taken says so, and the run begins anew with others.
    return []
  }
}

/**
 * Starts hosts that belong together as one: the first is spoken to, the others compute for it, and where one is gone all are.
 *
 * @param cluster An address for each.
 * @param threads CPU threads of each one's operations.
 */
export function startTogether(start: StartHost, cluster: readonly string[], threads: number): StartHost {
  return (options, listener) => {
    const hosts: Host[] = []
    let isOver = false
    const endAll = async (): Promise<void> => {
      await Promise.all(hosts.map((host) => host.end()))
    }
    const onDeath = (cause: string): void => {
      if (isOver) return
      isOver = true
      void endAll()
      listener.onDeath(cause)
    }
    for (const task of cluster.keys()) {
      const called = task === 0 ? '' : `process ${task + 1} of ${cluster.length} of the run is gone: `
      const onEvent = (event: HostEvent): void => {
        if (isOver) return
        if (event.type === 'unserved') onDeath(`${called}${event.error.message}`)
        else if (task === 0) listener.onEvent(event)
      }
      const host = start(options, { onEvent, onDeath: (cause) => onDeath(`${called}${cause}`) })
      if (task > 0) host.send({ type: 'serve', cluster: { addresses: cluster, task }, threads })
      hosts.push(host)
    }
    const [first] = hosts as [Host, ...Host[]]
    return {
      hasLog: first.hasLog,
      get pid() {
        return first.pid
      },
      send: (request: HostRequest) => first.send(request),
      end: endAll,
    }
  }
}
