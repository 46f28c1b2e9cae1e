import type { RunSummary } from '../../shared/api'
import type { OpenLab } from '../lab'

/** A step in progress gets this long before it is no longer waited for; what is recorded is safe either way. */
const PATIENCE_MS = 20_000

export function isGoing({ state }: Pick<RunSummary, 'state'>): boolean {
  return state === 'running' || state === 'paused' || state === 'queued'
}

/** Whether NormLab can steer a run that goes on: one that a program records is that program's. */
export function isSteered(run: Pick<RunSummary, 'state' | 'origin'>): boolean {
  return isGoing(run) && run.origin === undefined
}

/** What trains is paused; what waits is left as it is. */
export const pauseAll = (lab: OpenLab, runs: readonly RunSummary[]): Promise<void> =>
  each(runs, 'running', async (run) => void (await lab.request('runs.pause', { run })))

/** What is paused goes on. */
export const goOnAll = (lab: OpenLab, runs: readonly RunSummary[]): Promise<void> =>
  each(runs, 'paused', async (run) => void (await lab.request('runs.resume', { run })))

async function each(runs: readonly RunSummary[], state: RunSummary['state'], act: (run: number) => Promise<void>): Promise<void> {
  for (const run of runs)
    if (run.state === state)
      try {
        await act(run.id)
      } catch {
        // It ended meanwhile, or is another NormLab's: not ours.
      }
}

/** Stops them, and ends when each has ended. */
export async function stopAll(lab: OpenLab, runs: readonly RunSummary[]): Promise<void> {
  const left = new Set<number>()
  for (const { id } of runs) {
    try {
      await lab.request('runs.stop', { run: id })
      left.add(id)
    } catch {
      // Another NormLab's run: not ours to stop.
    }
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, PATIENCE_MS)
    const release = lab.subscribe('runs.changes', {}, ({ runs: changed, gone }) => {
      for (const id of gone) left.delete(id)
      for (const run of changed) if (!isGoing(run)) left.delete(run.id)
      if (left.size === 0) finish()
    })
    function finish(): void {
      clearTimeout(timer)
      release?.()
      resolve()
    }
  })
}
