import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync, renameSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { decodeMessage, encodeMessage } from '../../shared/wire'
import { makeDataFolder, makePrivate } from '../store/home'
import type { HostEvent, HostRequest } from './protocol'

/** Size at which the engine's log begins anew, bytes; the one before is kept as `engine.log.1`. */
const LOG_BYTES = 4_000_000

export interface HostOptions {
  /** The bundled `host.js`, with `worker.js` beside it. */
  readonly hostPath: string
  /** Where the host's standard output and error go. */
  readonly logFile: string
  /** `auto`, `cpu` or `gpu:k`: what TensorFlow in it shall see. */
  readonly device?: string
  /** Whether it gives way to other programs that want the processor. */
  readonly isBackground?: boolean
}

export interface HostListener {
  onEvent(event: HostEvent): void
  /** The process is gone. @param cause `the engine process was killed (SIGKILL)`. */
  onDeath(cause: string): void
}

/**
 * One engine host: a child process with TensorFlow in it. The same call works under plain Node and in Electron, packaged or not:
 * Electron's executable is also a Node.
 */
export class HostProcess {
  /** Whether what it prints is kept. */
  readonly hasLog: boolean
  private readonly child: ChildProcess
  private readonly gone: Promise<void>
  private isDead = false

  constructor(options: HostOptions, listener: HostListener) {
    const log = openLog(options.logFile)
    this.child = fork(options.hostPath, [], {
      // Text, not 'advanced': from 22.3.6 on, Electron 22 frees the buffers of v8.Serializer twice, and dies of some sizes.
      serialization: 'json',
      execPath: process.execPath,
      execArgv: [],
      // A process group of its own: signals from the terminal are the lab's to hear. Its end comes with the channel's.
      detached: process.platform !== 'win32',
      stdio: ['ignore', log ?? 'ignore', log ?? 'ignore', 'ipc'],
      env: {
        TF_CPP_MIN_LOG_LEVEL: '2',
        ...process.env,
        ...visibleDevices(options.device),
        ELECTRON_RUN_AS_NODE: '1',
        TF_ENABLE_ONEDNN_OPTS: '1',
        // Each session has the threads that it was given, not those of the first one in the process.
        TF_OVERRIDE_GLOBAL_THREADPOOL: '1',
      },
    })
    this.hasLog = log !== null
    if (log !== null) closeSync(log)
    if (options.isBackground) giveWay(this.child.pid)
    this.gone = new Promise((resolve) => {
      const onDeath = (cause: string): void => {
        if (this.isDead) return
        this.isDead = true
        resolve()
        listener.onDeath(cause)
      }
      this.child.on('error', (error) => onDeath(`the engine process cannot be started (${error.message})`))
      this.child.on('exit', (code, signal) =>
        onDeath(signal ? `the engine process was killed (${signal})` : `the engine process ended by itself (exit code ${code})`),
      )
    })
    this.child.on('message', (event) => listener.onEvent(decodeMessage(event as string) as HostEvent))
  }

  get pid(): number | undefined {
    return this.isDead ? undefined : this.child.pid
  }

  send(request: HostRequest): void {
    // An error here means that the host is about to be reported dead, which tells all that is to be told.
    this.child.send(encodeMessage(request), () => undefined)
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL')
    return this.gone
  }
}

function giveWay(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process is gone already, or the system does not allow it: then it works like any other.
  }
}

/** CUDA shows a process the devices that this variable names; −1 is none. */
function visibleDevices(device = 'auto'): NodeJS.ProcessEnv {
  if (device === 'auto') return {}
  return { CUDA_VISIBLE_DEVICES: device === 'cpu' ? '-1' : device.slice('gpu:'.length) }
}

/**
 * A file descriptor that appends to the log; nothing that TensorFlow prints can reach a user's standard output.
 *
 * @returns null where the log cannot be written: whoever only looks at a data folder has an engine all the same.
 */
function openLog(file: string): number | null {
  try {
    makeDataFolder(path.dirname(file))
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`)
    makePrivate(file)
    return openSync(file, 'a', 0o600)
  } catch {
    return null
  }
}
