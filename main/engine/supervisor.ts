import { UserError } from '../../shared/errors'
import { datasetsFolder } from '../datasets/catalogue'
import { startChildProcess } from './hosts/child-process'
import type { Host, HostOptions, StartHost } from './hosts/host'
import { freeAddresses, startTogether } from './hosts/together'
import type { TrainingEvent, TrainingRequest } from './protocol'
import type { Arrived, Question, QuestionAnswer, QuestionInput, QuestionName, TaskProgress } from './questions'
import { threadsOf } from './threads'
import { fromWire } from './wire-error'

/** A host without work is let go after this time, milliseconds: it holds some hundred megabytes. */
const IDLE_MS = 60_000

/**
 * Questions whose process does not give way to others: what is the disk's work more than the processor's would stand still beside training on all cores, and what
 * the machine reaches is measured as training has it.
 */
const GIVES_NO_WAY: ReadonlySet<QuestionName> = new Set(['back-up', 'restore', 'copy-ahead', 'check-store', 'limits'])

export interface SupervisorOptions {
  /** The bundled `host.js`, with `worker.js` beside it. */
  readonly hostPath: string
  /** The data folder. */
  readonly home: string
  /** Where the host's standard output and error go, if it can be written. */
  readonly logFile: string
  /** The folder of the TensorFlow that a host loads, asked for each; the one that it finds where there is none. */
  readonly tensorflowFolder?: () => string | undefined
  /** How hosts are started; as child processes where it is not said. */
  readonly startHost?: StartHost | undefined
}

/** The engine process died over a question: not the user's mistake. */
export class EngineDeath extends UserError {}

/** Its process died before it said anything: here none can be started. */
export class EngineNotStarted extends EngineDeath {}

/** A question that is worked on in the background. */
export interface BackgroundTask<N extends QuestionName = QuestionName> {
  /** Rejected like `EngineSupervisor.ask`; never settles once it is cancelled. */
  readonly answer: Promise<Arrived<QuestionAnswer<N>>>
  /** Ends the work at once; resolves when its process is gone, and nothing is written any more. */
  cancel(): Promise<void>
}

/** The pair as it travels; that the two belong together is what `ask` has seen to. */
function questionOf<N extends QuestionName>(name: N, input: QuestionInput<N>): Question {
  return { name, input } as Question
}

/** What comes back from a process has no type; the host's code is of this very version, and `tasks/index.ts` is held to the answers' types. */
function answerTo<N extends QuestionName>(value: unknown): Arrived<QuestionAnswer<N>> {
  return value as Arrived<QuestionAnswer<N>>
}

/** What a run's owner hears. */
export interface TrainingListener {
  /** The next events, in order; the last one is `ended` or `failed`, unless the host dies. */
  onEvents(events: readonly TrainingEvent[]): void
  /** The host died; nothing more comes. @param cause `the engine process was killed (SIGKILL)`. */
  onDeath(cause: string): void
}

/**
 * The engine's processes: one for each run, so that whatever kills one leaves the others alone, and one for questions, which is
 * started when it is first needed and let go when it has been idle. After a death the next request starts another.
 */
export class EngineSupervisor {
  private readonly runs = new Map<number, Host>()
  private questions: Host | undefined
  private readonly background = new Set<Host>()
  private readonly asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  private nextQuestion = 1
  private closing = false
  private idle: NodeJS.Timeout | undefined
  private readonly start: StartHost

  constructor(private readonly options: SupervisorOptions) {
    this.start = options.startHost ?? startChildProcess
  }

  /** Folder for data sets that the engine reads. */
  get dataFolder(): string {
    return datasetsFolder(this.options.home)
  }

  /** Process id of a run's host, or of any host, while it runs. */
  hostPid(run?: number): number | undefined {
    if (run !== undefined) return this.runs.get(run)?.pid
    return ([...this.runs.values()][0] ?? this.questions)?.pid
  }

  train(request: TrainingRequest, listener: TrainingListener): void {
    const { run } = request
    const { device, processes = 1 } = request.configuration.execution
    const { start, cluster } = processes > 1 ? this.together(request) : { start: this.start, cluster: undefined }
    const host = start(
      { ...this.hostOptions(), device },
      {
        onEvent: (event) => {
          if (event.type !== 'run') return
          const last = event.events[event.events.length - 1]
          if (last?.type === 'ended' || last?.type === 'failed') {
            this.runs.delete(run)
            // It has said all, and written all that it writes.
            void host.end()
          }
          listener.onEvents(event.events)
        },
        onDeath: (cause) => {
          // One that has ended has said all; only its death before that is news.
          if (this.runs.get(run) !== host) return
          this.runs.delete(run)
          listener.onDeath(this.closing ? 'NormLab was closed' : cause)
        },
      },
    )
    this.runs.set(run, host)
    host.send({ type: 'train', ...request, ...(cluster && { cluster }) })
  }

  private together({ configuration }: TrainingRequest): { start: StartHost; cluster: readonly string[] } {
    const { processes = 1, threads } = configuration.execution
    const cluster = freeAddresses(processes)
    return { start: startTogether(this.start, cluster, threadsOf(threads, processes)), cluster }
  }

  pause(run: number): void {
    this.runs.get(run)?.send({ type: 'pause', run })
  }

  resume(run: number): void {
    this.runs.get(run)?.send({ type: 'resume', run })
  }

  /** Asks the run to leave out the rest of the evaluation that is going on. */
  skipTest(run: number): void {
    this.runs.get(run)?.send({ type: 'skip-test', run })
  }

  /** Asks the run to end after its current step. */
  stop(run: number): void {
    this.runs.get(run)?.send({ type: 'stop', run })
  }

  /** Ends a run's host at once; nothing more is heard of it. */
  abandon(run: number): void {
    const host = this.runs.get(run)
    this.runs.delete(run)
    void host?.end()
  }

  /** @throws UserError where the question was wrong, EngineDeath where the host died over it, or all is being closed. */
  ask<N extends QuestionName>(name: N, input: QuestionInput<N>): Promise<Arrived<QuestionAnswer<N>>> {
    return new Promise((resolve, reject) => {
      if (this.closing) return reject(this.death(false, ''))
      clearTimeout(this.idle)
      const id = this.nextQuestion++
      this.asked.set(id, { resolve: (value) => resolve(answerTo<N>(value)), reject })
      this.questions ??= this.openQuestions()
      this.questions.send({ type: 'question', id, question: questionOf(name, input) })
    })
  }

  /**
   * Asks a question that may be long, in a host of its own that gives way to others and ends with it.
   *
   * @param tensorflowFolder Of another engine than the others use.
   */
  inBackground<N extends QuestionName>(
    name: N,
    input: QuestionInput<N>,
    onProgress: (progress: TaskProgress) => void,
    tensorflowFolder = this.options.tensorflowFolder?.(),
  ): BackgroundTask<N> {
    if (this.closing) return { answer: Promise.reject(this.death(false, '')), cancel: () => Promise.resolve() }
    let cancel = (): Promise<void> => Promise.resolve()
    const answer = new Promise<Arrived<QuestionAnswer<N>>>((resolve, reject) => {
      const end = (): Promise<void> => {
        this.background.delete(host)
        return host.end()
      }
      let hasSpoken = false
      const host: Host = this.start(
        { ...this.hostOptions(tensorflowFolder), isBackground: !GIVES_NO_WAY.has(name) },
        {
          onEvent: (event) => {
            hasSpoken = true
            if (!this.background.has(host)) return
            if (event.type === 'progress') onProgress(event.progress)
            if (event.type !== 'answer') return
            void end()
            if (event.error) reject(fromWire(event.error))
            else resolve(answerTo<N>(event.value))
          },
          onDeath: (cause) => {
            if (this.background.delete(host)) reject(this.death(host.hasLog, cause, hasSpoken ? EngineDeath : EngineNotStarted))
          },
        },
      )
      this.background.add(host)
      cancel = end
      host.send({ type: 'question', id: 1, question: questionOf(name, input) })
    })
    return { answer, cancel }
  }

  /** Ends all hosts at once, and starts none any more; runs that were still going on hear of their death. */
  async close(): Promise<void> {
    this.closing = true
    clearTimeout(this.idle)
    const hosts = [...this.runs.values(), ...this.background, ...(this.questions ? [this.questions] : [])]
    await Promise.all(hosts.map((host) => host.end()))
  }

  /** Lets the host for questions go, so that the next one is asked of the engine that is chosen by then. */
  renew(): void {
    if (this.asked.size > 0) return
    clearTimeout(this.idle)
    const host = this.questions
    this.questions = undefined
    void host?.end()
  }

  private hostOptions(tensorflowFolder = this.options.tensorflowFolder?.()): HostOptions {
    const { hostPath, home, logFile } = this.options
    return { hostPath, home, logFile, tensorflowFolder }
  }

  private openQuestions(): Host {
    const host = this.start(this.hostOptions(), {
      onEvent: (event) => {
        if (event.type !== 'answer') return
        const asked = this.asked.get(event.id)
        this.asked.delete(event.id)
        if (event.error) asked?.reject(fromWire(event.error))
        else asked?.resolve(event.value)
        this.rest()
      },
      onDeath: (cause) => {
        if (this.questions !== host) return
        this.questions = undefined
        const asked = [...this.asked.values()]
        this.asked.clear()
        for (const { reject } of asked) reject(this.death(host.hasLog, cause))
      },
    })
    return host
  }

  private death(hasLog: boolean, cause: string, kind = EngineDeath): EngineDeath {
    if (this.closing) return new EngineDeath('NormLab was closed')
    return new kind(cause, { remedy: hasLog ? `try again; its log is ${this.options.logFile}` : 'try again' })
  }

  /** Lets the host for questions go some time after its last answer. */
  private rest(): void {
    clearTimeout(this.idle)
    if (this.asked.size > 0) return
    this.idle = setTimeout(() => this.renew(), IDLE_MS)
    this.idle.unref()
  }
}
