import { shallowRef, watch } from 'vue'
import type { PlacePlan } from '../../shared/api'
import type { ExperimentDefinition } from '../../shared/experiments/experiment'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'

/** The places that an experiment can be sent to, which one is chosen (empty for this machine), and what it would cost there. */
export function usePlaces(definition: () => ExperimentDefinition | null) {
  const { lab, session } = useLab()
  const names = shallowRef<readonly string[]>([])
  const place = shallowRef('')
  watch(
    session,
    async (opened) => {
      if (opened > 0) names.value = (await lab.request('places.list', {}).catch(() => [])).map(({ name }) => name)
    },
    { immediate: true },
  )
  const { value: cost, error: problem } = useAnswer<string, PlacePlan>(
    () => (place.value !== '' && definition() ? JSON.stringify([place.value, definition(), session.value]) : null),
    () => lab.request('places.plan', { place: place.value, definition: definition()! }),
    { wait: 600 },
  )
  return { names, place, cost, problem }
}

const figure = (hours: number): string => (hours < 10 ? hours.toPrecision(2) : Math.round(hours).toLocaleString('en'))

/** `12 tasks: about 3.5, at most 24 core-hours. Starts 2026-11-29 17:00 …` */
export function costWords({ cells, coreHours, gpuHours, mostCoreHours, mostGpuHours, outlook }: PlacePlan): string {
  const hours = (about: number | null, most: number | null, what: string): string => {
    const told = [about === null ? '' : `about ${figure(about)}`, most === null ? '' : `at most ${figure(most)}`]
    return `${told.filter((words) => words !== '').join(', ') || 'an unknown number of'} ${what}-hours`
  }
  const gpus = mostGpuHours !== 0 ? `; ${hours(gpuHours, mostGpuHours, 'GPU')}` : ''
  return `${cells} tasks: ${hours(coreHours, mostCoreHours, 'core')}${gpus}.${outlook === null ? '' : ` Start: ${outlook}.`}`
}
