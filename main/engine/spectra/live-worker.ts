import type { MessagePort } from 'node:worker_threads'
import { elements } from '../../../shared/ops/op'
import { LIVE_VALUES, liveExtremes, type LiveLayer, liveValues } from '../../../shared/spectra/live'
import { giveWay, restMs, threadTimes } from './cpu-share'
import { type OperatorSpectrum, operatorSpectra, type SurveyedOperator } from './survey'

/** What a spectral worker is told once. */
export interface LiveWork {
  readonly layers: readonly LiveLayer[]
  /** Part of one processor that it may take, above 0; 1 or more is all of it. */
  readonly share: number
  readonly delta: number
  /** One number, `LIVE_STATE`, that the trainer changes while the worker is at work. */
  readonly state: SharedArrayBuffer
}

/** What a worker shall do between two pieces of its work. */
export const LIVE_STATE = { run: 0, pause: 1, stop: 2, hurry: 3 } as const

/** The kernels of its layers, behind one another. In its place null ends the worker. */
export interface LiveQuestion {
  readonly kernels: Float32Array
}

export interface LiveAnswer {
  /** [layers, LIVE_VALUES] */
  readonly values: Float32Array<ArrayBuffer>
  /** Taken while the trainer was at work or paused, milliseconds; what comes after its end is nobody's loss. */
  readonly cpuMs: number
}

/** The word that the work was called off. */
class Stopped extends Error {}

/**
 * A thread that works out the singular values of a run's layers while another one trains it: as circular operators at their inputs' sizes, as
 * `kernels.spectra` does. It rests between pieces of its work so that it has no more than its share, and ends at the trainer's word.
 */
export function serveSpectra(port: MessagePort, { layers, share, delta, state }: LiveWork): void {
  const word = new Int32Array(state)
  let restedMs = 0
  const cpuMs = threadTimes(() => restedMs)
  giveWay(share)
  const rest = (ms: number, during: number): void => {
    const began = performance.now()
    Atomics.wait(word, 0, during, ms)
    restedMs += performance.now() - began
  }
  port.on('message', (question: LiveQuestion | null) => {
    if (question === null || Atomics.load(word, 0) === LIVE_STATE.stop) return port.close()
    const { kernels } = question
    const [cpuBegan, began] = [cpuMs(), performance.now()]
    let pausedMs = 0
    let besideMs: number | undefined
    const between = (): void => {
      for (;;) {
        const now = Atomics.load(word, 0)
        if (now === LIVE_STATE.stop) throw new Stopped()
        if (now === LIVE_STATE.hurry) {
          besideMs ??= cpuMs() - cpuBegan
          return
        }
        if (now === LIVE_STATE.pause) {
          const since = performance.now()
          rest(Infinity, now)
          pausedMs += performance.now() - since
          continue
        }
        // What is slept while nobody trains earns nothing.
        const wait = restMs(cpuMs() - cpuBegan, performance.now() - began - pausedMs, share)
        if (wait < 1) return
        rest(wait, now)
      }
    }
    try {
      if (Atomics.load(word, 0) === LIVE_STATE.hurry) besideMs = 0
      const values = spectraOf(layers, kernels, delta, between)
      // The last piece is paid for too, before the answer says that there is room for the next.
      between()
      const answer: LiveAnswer = { values, cpuMs: besideMs ?? cpuMs() - cpuBegan }
      port.postMessage(answer, [values.buffer as ArrayBuffer])
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
      port.close()
    }
  })
}

/** @param between Called between pieces of the work; what it throws ends it. */
function spectraOf(
  layers: readonly LiveLayer[],
  kernels: Float32Array,
  delta: number,
  between: () => void,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(layers.length * LIVE_VALUES).fill(NaN)
  const places: number[] = []
  const operators: SurveyedOperator[] = []
  let offset = 0
  layers.forEach((layer, index) => {
    const length = elements(layer.shape)
    const kernel = kernels.subarray(offset, offset + length)
    offset += length
    // A decomposition may search for ever in what is not a number.
    if (!kernel.every(Number.isFinite)) return
    places.push(index)
    operators.push({ layer, acts: layer.kind === 'dense' ? 'matrix' : 'circular', values: kernel })
  })
  const { spectra } = operatorSpectra(operators, { threads: 1, withBound: false, cache: undefined }, between)
  spectra.forEach((spectrum, i) => values.set(numbersOf(spectrum, delta), places[i]! * LIVE_VALUES))
  return values
}

function numbersOf({ found, extremes }: OperatorSpectrum, delta: number): Float32Array {
  if (found) return liveValues(found, delta)
  const { largest, smallest, frobenius } = extremes!
  return liveExtremes(largest.value, smallest.value, frobenius.value)
}
