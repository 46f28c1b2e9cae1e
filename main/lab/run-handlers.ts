import type { RunDetail, RunSummary } from '../../shared/api'
import type { Catalogue } from '../datasets/catalogue'
import type { Checkpoints } from '../store/checkpoints'
import { annotate, markRuns, unannotate } from '../store/notes'
import type { Ownership } from '../store/ownership'
import type { StoredRun } from '../store/run-rows'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'
import { requireDevice } from './device-choice'
import type { asking } from './engine-handlers'
import { prolong } from './prolong'
import type { RunQueue } from './queue/run-queue'
import type { runGuards } from './run-guards'
import { nameOf } from './run-names'
import { tellPlan } from './run-plan'
import { planRun } from './start'
import type { startedRuns } from './started-runs'
import type { StepTimes } from './step-times'
import type { Submissions } from './submissions'
import { startWeights } from './weights'

interface World {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly catalogue: Catalogue
  readonly ownership: Ownership
  readonly queue: RunQueue
  readonly submissions: Submissions
  readonly times: StepTimes
  readonly started: ReturnType<typeof startedRuns>
  readonly guards: ReturnType<typeof runGuards>
  readonly ask: ReturnType<typeof asking>
  summary(stored: StoredRun): RunSummary
  shown(run: number): RunSummary
  detail(run: number): RunDetail
  /** Whoever follows the list hears of the run. */
  mark(run: number): void
}

type Request =
  | `runs.${'list' | 'show' | 'start' | 'plan' | 'pause' | 'resume' | 'move' | 'stop' | 'skip-test'}`
  | `runs.${'mark' | 'annotate' | 'unannotate' | 'rename'}`

/** Runs are started, steered and given words. */
export function runHandlers(world: World): Pick<Handlers, Request> {
  const { store, checkpoints, catalogue, ownership, queue, submissions, times, ask, shown, detail, mark } = world
  const { deviceOf, enqueue } = world.started
  const { own, trainedHere, atHome } = world.guards
  const steer =
    (act: (run: number) => void) =>
    ({ run }: { run: number }): RunSummary => {
      own(run)
      trainedHere(run)
      act(run)
      return shown(run)
    }
  return {
    'runs.list': () => store.runs.all().map((run) => world.summary(run)),
    'runs.show': ({ run }) => detail(run),
    async 'runs.start'({ weights: from, like, ...input }) {
      const planned = planRun(catalogue, input)
      const { configuration } = planned
      await requireDevice(deviceOf(configuration.execution.device), ask)
      const told = { name: input.name ?? nameOf(store, planned, like) }
      if (!from) return detail(enqueue(planned, told))
      const weights = await startWeights({ store, checkpoints, ask }, from, configuration.network)
      try {
        const begins = { ...planned, configuration: { ...configuration, weights: weights.hash } }
        return detail(enqueue(begins, told, weights.give))
      } finally {
        weights.release()
      }
    },
    'runs.plan'({ like, ...input }) {
      const planned = planRun(catalogue, input)
      return { name: nameOf(store, planned, like), ...tellPlan(planned, times) }
    },
    'runs.pause': steer((run) => (atHome(run), queue.pause(run))),
    'runs.resume'({ run, ...end }) {
      own(run)
      trainedHere(run)
      atHome(run)
      if (queue.live(run)) queue.resume(run)
      else {
        ownership.require()
        prolong(store, catalogue, run, end)
        queue.comeBack(run, 'gone on with by hand')
      }
      return shown(run)
    },
    'runs.move'({ run, before }) {
      queue.move(run, before)
      return shown(run)
    },
    async 'runs.stop'({ run }) {
      own(run)
      trainedHere(run)
      if (submissions.has(run)) await submissions.cancel({ run })
      else queue.stop(run)
      return shown(run)
    },
    'runs.skip-test': steer((run) => queue.skipTest(run)),
    'runs.mark'(signs) {
      markRuns(store, signs)
      for (const run of signs.runs) mark(run)
      return {}
    },
    'runs.annotate': (word) => annotate(store, word),
    'runs.unannotate': ({ run, annotation }) => unannotate(store, run, annotation),
    'runs.rename'({ run, name }) {
      store.runs.get(run)
      store.runs.update(run, { name })
      mark(run)
      return shown(run)
    },
  }
}
