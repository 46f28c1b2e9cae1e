import path from 'node:path'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { RunWord, ServeRequest, TrainingRequest, WireError } from './protocol'
import type { Question } from './questions'
import { serve } from './spread'
import { type LiveWork, serveSpectra } from './spectra/live-worker'
import { answerQuestion } from './tasks'
import { train, type TrainingControl } from './training/train'
import { toWire } from './wire-error'

/** A thread of the engine host: trains one run, or answers one question, and ends; or works out a run's spectra while it lasts. */

type Work =
  | ({ readonly kind: 'train'; readonly home: string } & TrainingRequest)
  | { readonly kind: 'question'; readonly question: Question }
  | ({ readonly kind: 'spectra' } & LiveWork)
  | ({ readonly kind: 'serve' } & ServeRequest)

const port = parentPort!
const batchThread = path.join(__dirname, 'batch-thread.js')

/** Hears the host's words. */
function listen(): TrainingControl {
  let state: 'run' | 'pause' | 'stop' = 'run'
  let changed: () => void = () => undefined
  let skips = false
  port.on('message', (word: RunWord) => {
    if (word === 'skip-test') skips = true
    else if (state !== 'stop') state = word === 'resume' ? 'run' : word
    changed()
  })
  return {
    state: () => state,
    takeSkip: () => {
      const was = skips
      skips = false
      return was
    },
    wait: () =>
      state === 'pause' ? new Promise((resolve) => (changed = resolve)) : new Promise((resolve) => setImmediate(resolve)),
  }
}

function wireError(error: unknown): WireError {
  const wire = toWire(error)
  return /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted/i.test(wire.message)
    ? { message: 'the device has no more memory for a step; use a smaller batch, or recompute=1', forUser: true }
    : wire
}

/** This file in another thread. */
const openSpectral = (work: LiveWork): Worker => new Worker(__filename, { workerData: { kind: 'spectra', ...work } })

async function work(request: Extract<Work, { readonly kind: 'train' | 'question' }>): Promise<void> {
  try {
    if (request.kind === 'train')
      await train(request, request.home, listen(), (event) => port.postMessage(event), batchThread, openSpectral)
    else {
      const value = await answerQuestion(request.question, (progress) => port.postMessage({ type: 'progress', progress }))
      port.postMessage({ type: 'answer', value })
    }
  } catch (error) {
    port.postMessage({ type: 'failed', error: wireError(error) })
  } finally {
    port.close()
  }
}

const asked = workerData as Work
if (asked.kind === 'spectra') serveSpectra(port, asked)
else if (asked.kind === 'serve') serve(asked, port)
else void work(asked)
