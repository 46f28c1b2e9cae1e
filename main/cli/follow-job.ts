import type { JobProgress, RunningJob } from '../../shared/job'
import { size } from '../text/format'
import type { Output } from './command'

/** Between two lines of progress where nobody watches the terminal, and between two of its states where somebody does. */
const PLAIN_MS = 5_000
const LIVE_MS = 200

/**
 * Waits for a job, telling how far it is on standard error; Ctrl-C calls it off.
 *
 * @param left What one that was called off leaves behind: a clause.
 * @throws Error where it was called off, which is no fault of what was asked.
 */
export async function finishJob<T>(
  output: Output,
  json: boolean,
  start: (tell: (progress: JobProgress) => void) => RunningJob<T>,
  left?: string,
): Promise<T> {
  const isLive = !json && process.stderr.isTTY
  let last = performance.now()
  let shown = 0
  const tell = (progress: JobProgress): void => {
    const now = performance.now()
    if (now - last < (isLive ? LIVE_MS : PLAIN_MS)) return
    last = now
    const line = progressLine(progress)
    output.say(isLive ? `\r${line.padEnd(shown)}` : `${line}\n`)
    shown = line.length
  }
  const { result, cancel } = start(tell)
  let isOff = false
  const callOff = (): void => {
    isOff = true
    cancel()
  }
  process.once('SIGINT', callOff)
  try {
    return await result
  } catch (error) {
    throw isOff ? new Error(`it was called off${left === undefined ? '' : `; ${left}`}`) : error
  } finally {
    process.removeListener('SIGINT', callOff)
    if (isLive && shown > 0) output.say(`\r${' '.repeat(shown)}\r`)
  }
}

/** Phases that are counted in bytes. */
const BYTES: ReadonlySet<string> = new Set(['fetching', 'verifying', 'unpacking', 'copying'])
/** Phases of which there is nothing that anybody counts: operations, or several kinds of work. */
const UNCOUNTED: ReadonlySet<string> = new Set(['decomposing', 'self-test', 'repair', 'timing'])

function progressLine({ phase, done, total, secondsLeft }: JobProgress): string {
  const percent = total > 0 ? `${Math.floor((100 * done) / total)} %` : ''
  const counted = UNCOUNTED.has(phase)
    ? ` ${percent}`
    : BYTES.has(phase)
      ? ` ${size(done)} of ${size(total)} (${percent})`
      : ` ${done} of ${total} (${percent})`
  const share = total > 0 ? counted : ''
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  return `${phase}${share}${left}`
}
