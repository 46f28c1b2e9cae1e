import { SingleBar } from 'cli-progress'

/** Shows how far a piece of work is, on standard error: a bar on a terminal, now and then a line elsewhere. */
export interface Progress {
  /** @param done Bytes so far. */
  update(done: number): void
  stop(): void
}

/** Where there is no terminal, a line at most this often (ms). */
const LINE_EVERY_MS = 10_000

let showsBars = process.stderr.isTTY

/** From now on progress is told in lines: something else writes to the terminal too. */
export function tellInLines(): void {
  showsBars = false
}

/**
 * Opens a progress display for `total` bytes.
 * @param title What is being done: `Getting TensorFlow 2.21.0`.
 */
export function openProgress(title: string, total: number): Progress {
  const started = Date.now()
  let done = 0
  const summary = () => `${title}: ${megabytes(done)} of ${megabytes(total)}${timeLeft(started, done, total)}`
  if (!showsBars) {
    let last = started
    process.stderr.write(`${title}: ${megabytes(total)}\n`)
    return {
      update(bytes) {
        done = bytes
        if (Date.now() - last < LINE_EVERY_MS) return
        last = Date.now()
        process.stderr.write(summary() + '\n')
      },
      stop() {},
    }
  }
  const bar = new SingleBar({
    format: '{summary} {bar}',
    stream: process.stderr,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0, { summary: summary() })
  return {
    update(bytes) {
      done = Math.min(bytes, total)
      bar.update(done, { summary: summary() })
    },
    stop: () => bar.stop(),
  }
}

/** `261 MB`. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
}

function timeLeft(started: number, done: number, total: number): string {
  const seconds = (Date.now() - started) / 1000
  if (done <= 0 || seconds < 1) return ''
  const left = Math.ceil((seconds * (total - done)) / done)
  return left < 100 ? `, ${left} s left` : `, ${Math.ceil(left / 60)} min left`
}
