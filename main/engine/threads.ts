import os from 'node:os'

/** CPU threads of one operation: what is asked for, else the machine's cores, shared by the processes of a run. */
export function threadsOf(asked: number | undefined, processes = 1): number {
  return asked ?? Math.max(1, Math.floor(os.cpus().length / processes))
}
