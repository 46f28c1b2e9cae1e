import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Configuration } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { decodeMessage, encodeMessage } from '../../shared/wire'
import type { EngineTask, HostEvent, HostRequest, TrainingEvent, WireError } from './protocol'

/** Size at which the engine's log begins anew, bytes; the one before is kept as `engine.log.1`. */
const LOG_BYTES = 4_000_000

/** A host without work is let go after this time, milliseconds: it holds some hundred megabytes. */
const IDLE_MS = 60_000

export interface SupervisorOptions {
  /** The bundled `host.js`, with `worker.js` beside it. */
  readonly hostPath: string
  /** Folder for data sets that the engine reads. */
  readonly dataFolder: string
  /** Where the host's standard output and error go. */
  readonly logFile: string
}

/** The engine process died over a question: not the user's mistake. */
export class EngineDeath extends UserError {}

/** What a run's owner hears. */
export interface TrainingListener {
  /** The next events, in order; the last one is `ended` or `failed`, unless the host dies. */
  onEvents(events: readonly TrainingEvent[]): void
  /** The host died; nothing more comes. @param cause `the engine process was killed (SIGKILL)`. */
  onDeath(cause: string): void
}

/**
 * Starts the engine host when it is first needed, watches it, and starts another one on the next request after it died.
 * The same call works under plain Node and in Electron, packaged or not: Electron's executable is also a Node.
 */
export class EngineSupervisor {
  private host: ChildProcess | undefined
  private readonly runs = new Map<number, TrainingListener>()
  private readonly tasks = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  private nextTask = 1
  private closing = false
  private idle: NodeJS.Timeout | undefined

  constructor(private readonly options: SupervisorOptions) {}

  /** Process id of the host, while it runs. */
  get hostPid(): number | undefined {
    return this.host?.pid
  }

  train(run: number, configuration: Configuration, listener: TrainingListener): void {
    this.runs.set(run, listener)
    this.send({ type: 'train', run, configuration, dataFolder: this.options.dataFolder })
  }

  pause(run: number): void {
    if (this.runs.has(run)) this.send({ type: 'pause', run })
  }

  resume(run: number): void {
    if (this.runs.has(run)) this.send({ type: 'resume', run })
  }

  /** Asks the run to end after its current step. */
  stop(run: number): void {
    if (this.runs.has(run)) this.send({ type: 'stop', run })
  }

  /** @throws UserError where the question was wrong, EngineDeath where the host died over it. */
  task(task: EngineTask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.nextTask++
      this.tasks.set(id, { resolve, reject })
      this.send({ type: 'task', id, task })
    })
  }

  /** Ends the host at once; runs that were still going on hear of its death. */
  close(): Promise<void> {
    this.closing = true
    clearTimeout(this.idle)
    const host = this.host
    if (!host) return Promise.resolve()
    return new Promise((resolve) => {
      host.once('exit', () => resolve())
      host.kill('SIGKILL')
    })
  }

  private send(request: HostRequest): void {
    clearTimeout(this.idle)
    const host = (this.host ??= this.start())
    // An error here means that the host is about to be reported dead, which tells all that is to be told.
    host.send(encodeMessage(request), () => undefined)
  }

  private start(): ChildProcess {
    const log = openLog(this.options.logFile)
    const host = fork(this.options.hostPath, [], {
      // Text, not 'advanced': from 22.3.6 on, Electron 22 frees the buffers of v8.Serializer twice, and dies of some sizes.
      serialization: 'json',
      execPath: process.execPath,
      execArgv: [],
      // A process group of its own: signals from the terminal are the lab's to hear. Its end comes with the channel's.
      detached: process.platform !== 'win32',
      stdio: ['ignore', log, log, 'ipc'],
      env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_ENABLE_ONEDNN_OPTS: '1' },
    })
    closeSync(log)
    let dead = false
    const onDeath = (cause: string): void => {
      if (dead) return
      dead = true
      // One that was let go while idle has nothing to report, and may have a successor with work.
      if (this.host !== host) return
      this.host = undefined
      this.reportDeath(this.closing ? 'NormLab was closed' : cause)
    }
    host.on('message', (event) => this.receive(decodeMessage(event as string) as HostEvent))
    host.on('error', (error) => onDeath(`the engine process cannot be started (${error.message})`))
    host.on('exit', (code, signal) =>
      onDeath(signal ? `the engine process was killed (${signal})` : `the engine process ended by itself (exit code ${code})`),
    )
    return host
  }

  private receive(event: HostEvent): void {
    if (event.type === 'run') {
      const listener = this.runs.get(event.run)
      const last = event.events[event.events.length - 1]
      if (last?.type === 'ended' || last?.type === 'failed') this.runs.delete(event.run)
      listener?.onEvents(event.events)
    } else if (event.type === 'answer') {
      const task = this.tasks.get(event.id)
      this.tasks.delete(event.id)
      if (event.error) task?.reject(fromWire(event.error))
      else task?.resolve(event.value)
    }
    this.rest()
  }

  /** Lets the host go some time after its last work; the next request starts another. */
  private rest(): void {
    clearTimeout(this.idle)
    if (this.runs.size + this.tasks.size > 0) return
    this.idle = setTimeout(() => {
      this.host?.kill('SIGKILL')
      this.host = undefined
    }, IDLE_MS)
    this.idle.unref()
  }

  private reportDeath(cause: string): void {
    const runs = [...this.runs.values()]
    const tasks = [...this.tasks.values()]
    this.runs.clear()
    this.tasks.clear()
    for (const task of tasks) task.reject(new EngineDeath(cause, { remedy: `try again; its log is ${this.options.logFile}` }))
    for (const run of runs) run.onDeath(cause)
  }
}

/** An error that lost its class on the way between processes. */
function fromWire({ message, forUser, stack }: WireError): Error {
  if (forUser) return new UserError(message)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}

/** A file descriptor that appends to the log; nothing that TensorFlow prints can reach a user's standard output. */
function openLog(file: string): number {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`)
    return openSync(file, 'a', 0o600)
  } catch (error) {
    throw new UserError(`the engine's log cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`, {
      place: file,
    })
  }
}
