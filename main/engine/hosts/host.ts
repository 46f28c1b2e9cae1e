import type { HostEvent, HostRequest } from '../protocol'

/** What a host is started with. */
export interface HostOptions {
  /** The bundled `host.js`, with `worker.js` beside it. */
  readonly hostPath: string
  /** The data folder whose runs it trains and whose data sets it reads, as the host finds it. */
  readonly home: string
  /** Where the host's standard output and error go. */
  readonly logFile: string
  /** `auto`, `cpu`, `gpu:k`, or several with commas: what TensorFlow in it shall see. */
  readonly device?: string
  /** The folder of the TensorFlow that it loads; its own choice where it is not said. */
  readonly tensorflowFolder?: string | undefined
  /** Whether it gives way to other programs that want the processor. */
  readonly isBackground?: boolean
}

/** What is received from a host. */
export interface HostListener {
  onEvent(event: HostEvent): void
  /** It is gone, and nothing more comes of it; told once. @param cause `the engine process was killed (SIGKILL)`. */
  onDeath(cause: string): void
}

/**
 * One engine host with TensorFlow in it, as the supervisor knows it: something that takes requests in order, sends events in order, may die at
 * any time, and dies with whoever started it. Whether it is a child process, one of Electron's, or a process on another machine is the
 * affair of who starts it. Runs and data sets are called by number and name, and lie where the store of its data folder has them; some questions name files
 * besides, as the host finds them.
 */
export interface Host {
  /** Whether what it prints is kept in the log. */
  readonly hasLog: boolean
  /** Its process id on this machine while it runs, where it has one here. */
  readonly pid: number | undefined
  /** May be called at once: what is sent before it is up waits for it, and what is sent after its death is lost. */
  send(request: HostRequest): void
  /** Ends it at once, whatever it is doing; resolves when it is gone. `onDeath` is told of it. */
  end(): Promise<void>
}

/** Starts a host. One that cannot be started is told of as dead, later and not within this call. */
export type StartHost = (options: HostOptions, listener: HostListener) => Host
