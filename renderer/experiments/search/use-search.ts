import type { Experiment } from '../../../shared/experiments/experiment'
import type { SearchProgress } from '../../../shared/search/progress'
import { useLab } from '../../lab/lab-injection'
import { useAnswer } from '../../lab/use-latest'
import { useRuns } from '../../run-list/use-runs'

/** How far a search is: asked again whenever a run of it begins or ends. */
export function useSearch(experiment: () => Experiment | null) {
  const { lab, session } = useLab()
  const { list } = useRuns()
  const mine = (): string => {
    const id = experiment()?.id
    const own = (list.value ?? []).filter((run) => run.experiment === id)
    return own.map((run) => `${run.id} ${run.state} ${run.progress.steps}`).join()
  }
  const { value: progress, error } = useAnswer<string, SearchProgress>(
    () => {
      const known = experiment()
      if (!known?.definition.search || session.value === 0 || !list.value) return null
      return JSON.stringify([known.id, known.definition.search, session.value, mine()])
    },
    () => lab.request('experiments.search', { id: experiment()!.id }),
    { wait: 100 },
  )
  return { progress, error }
}
