import { openSync, renameSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeDataFolder, makePrivate } from '../../store/home'
import type { HostOptions } from './host'

/** Size at which the engine's log begins anew, bytes; the one before is kept as `engine.log.1`. */
const LOG_BYTES = 4_000_000

/** The environment of a host on this machine. */
export function hostEnvironment({ device = 'auto', tensorflowFolder }: HostOptions): NodeJS.ProcessEnv {
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...process.env,
    ...visibleDevices(device),
    ...(tensorflowFolder !== undefined && { NORMLAB_TENSORFLOW: tensorflowFolder }),
    TF_ENABLE_ONEDNN_OPTS: '1',
    // Each session has the threads that it was given, not those of the first one in the process.
    TF_OVERRIDE_GLOBAL_THREADPOOL: '1',
  }
}

/** CUDA shows a process the devices that this variable names; −1 is none. */
function visibleDevices(device: string): NodeJS.ProcessEnv {
  if (device === 'auto') return {}
  return { CUDA_VISIBLE_DEVICES: device.startsWith('cpu') ? '-1' : device.replaceAll('gpu:', '') }
}

/** Lets other programs go first that want the processor. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process is gone already, or the system does not allow it: then it works like any other.
  }
}

/**
 * A file descriptor that appends to the log; nothing that TensorFlow prints can reach a user's standard output.
 *
 * @returns null where the log cannot be written: whoever only looks at a data folder has an engine all the same.
 */
export function openLog(file: string): number | null {
  try {
    makeDataFolder(path.dirname(file))
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`)
    makePrivate(file)
    return openSync(file, 'a', 0o600)
  } catch {
    return null
  }
}

/** What a host's end is called. */
export function causeOfDeath(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `the engine process was killed (${signal})` : `the engine process ended by itself (exit code ${code})`
}
