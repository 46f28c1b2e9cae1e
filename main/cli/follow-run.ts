import type { Lab, RunSummary } from '../../shared/api'
import type { EpochRecord, StepRecord } from '../../shared/records'
import type { Output } from './command'

/** npm passes the terminal's Ctrl-C on, so that one press can arrive twice, milliseconds. */
const SAME_PRESS_MS = 500

export interface RunFollower {
  /** Every step of the run, in order, once. */
  onSteps(steps: readonly StepRecord[]): void
  onEpochs(epochs: readonly EpochRecord[]): void
  /** The run's summary, when it changes. */
  onProgress(summary: RunSummary): void
}

/**
 * Follows a run of this process to its end. Ctrl-C once stops it after its current step, or where all steps are done leaves out the
 * rest of the last test; twice leaves at once, with what is stored.
 *
 * @param from The last step that need not be told.
 * @returns the summary of the run that has ended.
 */
export async function followRun(lab: Lab, run: number, output: Output, follower: RunFollower, from = 0): Promise<RunSummary> {
  let step = from
  let epoch = 0
  let latest: RunSummary['progress'] | undefined
  const take = (steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void => {
    const newSteps = steps.filter((record) => record.step > step)
    const newEpochs = epochs.filter((record) => record.epoch > epoch)
    step = newSteps[newSteps.length - 1]?.step ?? step
    epoch = newEpochs[newEpochs.length - 1]?.epoch ?? epoch
    if (newSteps.length > 0) follower.onSteps(newSteps)
    if (newEpochs.length > 0) follower.onEpochs(newEpochs)
  }
  const release: (() => void)[] = []
  try {
    const ended = await new Promise<RunSummary>((resolve) => {
      release.push(
        onInterrupt(() => {
          const isLastTest = latest?.phase === 'evaluate' && latest.step === latest.steps
          output.say(`${isLastTest ? 'Skipping this test' : 'Stopping after this step'}; press Ctrl-C again to leave at once.\n`)
          lab.request(isLastTest ? 'runs.skip-test' : 'runs.stop', { run }).catch(() => undefined)
        }),
        lab.subscribe('runs.watch', { run }, ({ steps, epochs }) => take(steps, epochs)),
        lab.subscribe('runs.changes', {}, ({ runs }) => {
          const summary = runs.find(({ id }) => id === run)
          if (!summary) return
          latest = summary.progress
          follower.onProgress(summary)
          if (summary.progress.phase === 'ended') resolve(summary)
        }),
      )
    })
    // What was stored before the watching began, or after it, is read.
    take(
      await lab.request('runs.steps', { run, from: step + 1, to: Number.MAX_SAFE_INTEGER }),
      await lab.request('runs.epochs', { run }),
    )
    return ended
  } finally {
    for (const letGo of release) letGo()
  }
}

/**
 * Waits for runs of this process to end, whichever comes first.
 *
 * @param onEnd Hears of each run once it has ended.
 * @param stop What Ctrl-C does; again, it leaves at once. @param isElsewhere They are at another place, and nothing of them stops.
 */
export async function followAll(
  lab: Lab,
  runs: readonly number[],
  output: Output,
  onEnd: (summary: RunSummary) => void,
  stop: () => Promise<unknown>,
  isElsewhere = false,
): Promise<void> {
  const left = new Set(runs)
  if (left.size === 0) return
  const release: (() => void)[] = []
  try {
    await new Promise<void>((resolve) => {
      release.push(
        onInterrupt(() => {
          if (!isElsewhere) output.say('Stopping after this step; press Ctrl-C again to leave at once.\n')
          stop().catch(() => undefined)
        }),
        lab.subscribe('runs.changes', {}, ({ runs: changed }) => {
          for (const summary of changed) if (summary.progress.phase === 'ended' && left.delete(summary.id)) onEnd(summary)
          if (left.size === 0) resolve()
        }),
      )
    })
  } finally {
    for (const letGo of release) letGo()
  }
}

/**
 * Looks after every change of a run of this process, until what is looked for is there.
 *
 * @param look Undefined while it is not. @param stop What Ctrl-C does; again, it leaves at once.
 */
export async function followUntil<T>(
  lab: Lab,
  output: Output,
  look: () => Promise<T | undefined>,
  stop: () => Promise<unknown>,
): Promise<T> {
  const release: (() => void)[] = []
  try {
    return await new Promise<T>((resolve, reject) => {
      let [isLooking, isAsked] = [false, false]
      const see = async (): Promise<void> => {
        isAsked = true
        if (isLooking) return
        isLooking = true
        while (isAsked) {
          isAsked = false
          const found = await look()
          if (found !== undefined) return resolve(found)
        }
        isLooking = false
      }
      release.push(
        onInterrupt(() => {
          output.say('Stopping after this step; press Ctrl-C again to leave at once.\n')
          stop().catch(() => undefined)
        }),
        lab.subscribe('runs.changes', {}, () => void see().catch(reject)),
      )
      see().catch(reject)
    })
  } finally {
    for (const letGo of release) letGo()
  }
}

/** @returns a function that gives Ctrl-C back to the system. */
function onInterrupt(stop: () => void): () => void {
  let first = 0
  const listener = (): void => {
    if (first === 0) {
      first = performance.now()
      stop()
    } else if (performance.now() - first > SAME_PRESS_MS) process.exit(1)
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  return () => {
    process.off('SIGINT', listener)
    process.off('SIGTERM', listener)
  }
}
