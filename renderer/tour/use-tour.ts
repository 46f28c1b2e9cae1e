import { useStorage } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useRouter } from 'vue-router'
import { useLab } from '../lab/lab-injection'
import { useCommands } from '../commands/use-commands'
import { useRuns } from '../run-list/use-runs'
import { useNotices } from '../ui/use-notices'
import { useOnce } from '../ui/use-once'
import { TOUR_RUNS, TOUR_STEPS } from './steps'

interface Place {
  readonly step: number
  readonly runs: readonly [number, number]
}

/** The tour: starts two runs, goes with the reader from page to page, and is left at any moment. A page that is loaded again is where it was; once in the shell. */
export function useTour() {
  const { lab } = useLab()
  const router = useRouter()
  const { byId } = useRuns()
  const { say, complain } = useNotices()
  const place = useStorage<Place | null>('normlab.tour', null, sessionStorage, {
    serializer: { read: placeOf, write: (value) => JSON.stringify(value) },
  })
  const step = computed(() => (place.value ? (TOUR_STEPS[place.value.step] ?? null) : null))
  const runs = computed(() => place.value?.runs.map((id) => byId.value?.get(id)) ?? [])
  const shown = computed(() => (typeof step.value?.run !== 'number' ? null : (runs.value[step.value.run] ?? null)))
  const isLast = computed(() => place.value?.step === TOUR_STEPS.length - 1)

  const { isBusy: isStarting, begin } = useOnce(async () => {
    if (place.value) return
    const started: number[] = []
    try {
      for (const run of TOUR_RUNS) started.push((await lab.request('runs.start', run)).id)
      await lab.request('lab.configure', { tourSeen: true })
      await to({ step: 0, runs: [started[0]!, started[1]!] })
    } catch (error) {
      // Half a tour leads nowhere.
      for (const run of started) await lab.request('runs.stop', { run }).catch(() => undefined)
      throw error
    }
  }, complain)
  async function to(next: Place): Promise<void> {
    place.value = next
    const of = TOUR_STEPS[next.step]!.run
    await router.push(of === null ? { path: '/compare', query: { runs: next.runs.join(',') } } : `/runs/${next.runs[of]}`)
  }
  const go = (by: 1 | -1): Promise<void> | undefined =>
    place.value && TOUR_STEPS[place.value.step + by] ? to({ ...place.value, step: place.value.step + by }) : undefined
  function leave(): void {
    const goOn = runs.value.filter((run) => run?.state === 'running' || run?.state === 'queued').length
    const isOver = isLast.value
    place.value = null
    if (goOn > 0 || !isOver) say(`${goOn > 0 ? 'The tour’s runs train on. ' : ''}The tour is in Help, and in “Find and do”.`)
  }
  const next = (): unknown => (isLast.value ? leave() : go(1))

  // Its runs were deleted: there is nothing to be shown.
  watch([place, byId], ([now, known]) => {
    if (now && known && !isStarting.value && now.runs.every((id) => !known.has(id))) place.value = null
  })
  useCommands({
    'help.tour': { perform: begin, isEnabled: () => place.value === null && !isStarting.value },
    'tour.next': { perform: next, isEnabled: () => place.value !== null },
    'tour.back': { perform: () => go(-1), isEnabled: () => (place.value?.step ?? 0) > 0 },
    'tour.leave': { perform: leave, isEnabled: () => place.value !== null },
  })
  return { place, step, shown, isLast, next, back: () => go(-1), leave }
}

/** As it was kept; null where that is nothing of ours. */
function placeOf(text: string): Place | null {
  try {
    const { step, runs } = JSON.parse(text) as Partial<Place>
    const isPlace = TOUR_STEPS[step ?? -1] !== undefined && runs?.length === 2 && runs.every((id) => Number.isInteger(id))
    return isPlace ? { step: step!, runs } : null
  } catch {
    return null
  }
}
