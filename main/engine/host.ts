import { rmSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { decodeMessage, encodeMessage } from '../../shared/wire'
import { starter } from './hosts/starter'
import type { HostEvent, HostRequest, RunWord, TrainingEvent, WireError } from './protocol'
import type { TaskProgress } from './questions'
import { toWire } from './wire-error'

/**
 * The engine host: a process of its own, so that a crash inside TensorFlow costs a run and not the window. It holds one
 * worker thread for each run and question, and only passes messages. It lives as long as its parent's channel.
 */

/** Steps wait at most this long to travel together. */
const BUNDLE_MS = 50
/** Between two readings of the process's memory. */
const MEMORY_MS = 1_000
/** A worker that has said its last word gets this long to close its session and leave. */
const FAREWELL_MS = 5_000

const workerFile = path.join(__dirname, 'worker.js')
/** The data folder, as it was started on. */
const home = process.argv[2] ?? ''
const trainings = new Map<number, Training>()
/** Folders in which something is being made, of which nothing is to be left where this process ends over it. */
const asides = new Set<string>()

const parent = starter()

function send(event: HostEvent): void {
  parent.send(encodeMessage(event))
}

/** A worker thread that trains one run. */
class Training {
  private readonly worker: Worker
  private bundle: TrainingEvent[] = []
  private timer: NodeJS.Timeout | undefined
  private over = false
  private memoryAt = -Infinity

  constructor(private readonly request: Extract<HostRequest, { type: 'train' }>) {
    const { run } = request
    this.worker = new Worker(workerFile, { workerData: { ...request, home, kind: 'train' } })
    this.worker.on('message', (event: TrainingEvent) => this.add(event))
    this.worker.on('messageerror', (error) => this.fail(error))
    this.worker.on('error', (error) => this.fail(error))
    this.worker.on('exit', (code) => {
      this.fail(new Error(`the training thread ended by itself (exit code ${code})`))
      trainings.delete(run)
    })
  }

  tell(word: RunWord): void {
    this.worker.postMessage(word)
  }

  private add(event: TrainingEvent): void {
    if (this.over) return
    this.bundle.push(event)
    if (event.type === 'ended' || event.type === 'failed') this.end()
    else if (event.type !== 'step') this.flush()
    else this.timer ??= setTimeout(() => this.flush(), BUNDLE_MS)
  }

  private fail(error: unknown): void {
    this.add({ type: 'failed', error: toWire(error) })
  }

  private end(): void {
    this.over = true
    this.flush()
    setTimeout(() => void this.worker.terminate(), FAREWELL_MS).unref()
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.bundle.length > 0 && performance.now() - this.memoryAt > MEMORY_MS) {
      this.memoryAt = performance.now()
      this.bundle.unshift({ type: 'memory', bytes: process.memoryUsage().rss })
    }
    if (this.bundle.length > 0) send({ type: 'run', run: this.request.run, events: this.bundle })
    this.bundle = []
  }
}

type TaskMessage =
  | { readonly type: 'progress'; readonly progress: TaskProgress }
  | { readonly type: 'answer'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: WireError }

/** A worker thread that answers one question. */
function answerQuestion({ id, question }: Extract<HostRequest, { type: 'question' }>): void {
  const worker = new Worker(workerFile, { workerData: { kind: 'question', question } })
  const aside = 'aside' in question.input ? question.input.aside : undefined
  if (aside !== undefined) asides.add(aside)
  let answered = false
  const answer = (result: { value: unknown } | { error: WireError }): void => {
    if (answered) return
    answered = true
    if (aside !== undefined) asides.delete(aside)
    send({ type: 'answer', id, ...result })
    setTimeout(() => void worker.terminate(), FAREWELL_MS).unref()
  }
  worker.on('message', (message: TaskMessage) => {
    if (message.type === 'progress') send({ type: 'progress', id, progress: message.progress })
    else answer(message.type === 'answer' ? { value: message.value } : { error: message.error })
  })
  worker.on('messageerror', (error) => answer({ error: toWire(error) }))
  worker.on('error', (error) => answer({ error: toWire(error) }))
  worker.on('exit', (code) =>
    answer({ error: toWire(new Error(`the engine's thread ended without an answer (exit code ${code})`)) }),
  )
}

/** A worker thread with a server on which another process computes; it ends with this process. */
function serve(request: Extract<HostRequest, { type: 'serve' }>): void {
  const worker = new Worker(workerFile, { workerData: { ...request, kind: 'serve' } })
  worker.on('error', (error) => send({ type: 'unserved', error: toWire(error) }))
}

function receive(request: HostRequest): void {
  switch (request.type) {
    case 'serve':
      return serve(request)
    case 'train':
      trainings.set(request.run, new Training(request))
      return
    case 'question':
      return answerQuestion(request)
    default:
      trainings.get(request.run)?.tell(request.type)
  }
}

// Ctrl-C in a terminal reaches the whole process group; whether a run stops is the lab's decision, not the signal's.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
// Nothing here outlives the parent, and a worker deep inside TensorFlow would hold up an ordinary exit.
parent.onGone(() => {
  for (const folder of asides) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.kill(process.pid, 'SIGKILL')
})
parent.onMessage((request) => receive(decodeMessage(request) as HostRequest))
send({ type: 'ready' })
