import type { RunSummary } from '../../shared/api'
import { runTitle } from '../../shared/run-labels'

/** What of a run is worth a notification. */
export interface RunNews {
  readonly run: number
  readonly title: string
  readonly body: string
}

type Known = Pick<RunSummary, 'id' | 'name' | 'state' | 'problem' | 'notices' | 'measures'>

/** How far the runs that train are together, and whether one does. */
export interface Overall {
  readonly trains: boolean
  readonly isPaused: boolean
  /** 0–1; null where none has begun. */
  readonly share: number | null
}

/**
 * What became of a run since it was seen last: it ended by itself, it failed, or an alarm of it was raised. Who stopped it knows.
 *
 * @param before Null for a run that is seen for the first time, of which nothing is news.
 */
export function newsOf(before: Known | null, now: Known): RunNews[] {
  if (!before) return []
  const title = runTitle(now)
  const alarms = now.notices
    .slice(before.notices.length)
    .filter(({ kind }) => kind === 'alarm')
    .map(({ message }) => ({ run: now.id, title, body: capital(message) }))
  if (before.state === now.state) return alarms
  if (now.state === 'done') return [...alarms, { run: now.id, title, body: doneWords(now) }]
  if (now.state === 'failed') return [...alarms, { run: now.id, title, body: capital(now.problem?.message ?? 'it failed') }]
  return alarms
}

function doneWords({ measures }: Known): string {
  const error = measures.testError
  return error === null || error === undefined || !Number.isFinite(error)
    ? 'Done.'
    : `Done, test error ${(100 * error).toFixed(1)} %.`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')

/** Of all runs that go on: those that wait count as not begun. */
export function overallOf(runs: Iterable<Pick<RunSummary, 'state' | 'progress'>>): Overall {
  const all = [...runs]
  const going = all.filter(({ state }) => state === 'running' || state === 'paused')
  const waiting = all.filter(({ state }) => state === 'queued')
  const shares = going.map(({ progress: { step, steps } }) => (steps > 0 ? Math.min(1, step / steps) : 0))
  return {
    trains: going.some(({ state }) => state === 'running'),
    isPaused: going.length > 0 && going.every(({ state }) => state === 'paused'),
    share: shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / (shares.length + waiting.length),
  }
}
