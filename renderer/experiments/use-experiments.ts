import { computed, shallowRef, watch } from 'vue'
import type { Experiment, ExperimentDefinition, ReadyExperiment } from '../../shared/experiments/experiment'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'
import { isActive } from '../run-list/run-state'
import { useRuns } from '../run-list/use-runs'
import { sentenceOf } from '../ui/use-notices'

/** The lab's experiments and the ready ones. @param data The data set that the ready ones are to be on, empty for each one's own; asked for again when it changes. */
export function useExperiments(data: () => string) {
  const { lab, session } = useLab()
  const own = shallowRef<readonly Experiment[] | null>(null)
  const ready = shallowRef<readonly ReadyExperiment[]>([])
  const error = shallowRef<string | null>(null)
  async function load(): Promise<void> {
    try {
      error.value = null
      ;[own.value, ready.value] = await Promise.all([
        lab.request('experiments.list', {}),
        lab.request('experiments.ready', data() === '' ? {} : { data: data() }),
      ])
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  watch([session, data], ([opened]) => opened > 0 && void load(), { immediate: true })
  return { own, ready, error, load }
}

/** How far an experiment's runs have come, live. */
export function useExperimentProgress(experiment: () => Experiment | null) {
  const { byId } = useRuns()
  return computed(() => {
    const cells = experiment()?.cells ?? []
    const runs = cells.flatMap(({ run }) => (run === null ? [] : (byId.value?.get(run) ?? [])))
    const active = runs.filter(({ state }) => isActive(state))
    const left = active.map(({ progress }) => progress.secondsLeft)
    return {
      cells: cells.length,
      done: runs.filter(({ state }) => state === 'done').length,
      active: active.length,
      failed: runs.filter(({ state }) => state === 'failed').length,
      unfinished: runs.filter(({ state }) => ['interrupted', 'stopped', 'failed'].includes(state)).length,
      missing: cells.length - runs.length,
      secondsLeft: left.every((one) => one !== null) && left.length > 0 ? left.reduce((sum, one) => sum! + one!, 0) : null,
    }
  })
}

/** What a definition comes to, asked when it changes. */
export function usePlan(definition: () => ExperimentDefinition | null, waitMs = 0) {
  const { lab, session } = useLab()
  const {
    value: plan,
    error: problem,
    pending,
  } = useAnswer(
    () => (definition() && session.value > 0 ? JSON.stringify([definition(), session.value]) : null),
    () => lab.request('experiments.plan', { definition: definition()! }),
    { wait: waitMs },
  )
  return { plan, problem, pending }
}
