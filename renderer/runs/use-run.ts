import { useThrottleFn } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RunDetail } from '../../shared/api'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { useLab } from '../lab/lab-injection'
import { useLatest } from '../lab/use-latest'
import { curvesInParts } from '../lab/curves'
import { RECENT_STEPS, RunRecords } from './run-records'
import { useRuns } from '../run-list/use-runs'

/** Steps with norms in one answer: a thousand norms each make about a megabyte. */
const STEPS_AT_ONCE = 240

/** Between two drawings of live charts, milliseconds. */
const REDRAW_MS = 1500

/** Between two looks at what a program that records a run has told beside its records, milliseconds. */
const TOLD_MS = 3000

/**
 * A run with all of its records, stored and live. `revision` counts the changes of `records`, at most one in 1.5 seconds;
 * `records` itself is plain.
 */
export function useRun(id: Ref<number>) {
  const { lab, session } = useLab()
  const runs = useRuns()
  const detail = shallowRef<RunDetail | null>(null)
  const { error, ask } = useLatest<unknown>()
  const records = shallowRef(new RunRecords())
  const revision = shallowRef(0)
  const loaded = shallowRef(false)
  let release: () => void = () => {}

  /** Charts follow every second and a half: as fast as one reads, and a small part of the work of each frame. */
  const changed = useThrottleFn(() => void revision.value++, REDRAW_MS, true)

  const load = (): Promise<boolean> => ask(read)
  async function read(isLatest: () => boolean): Promise<void> {
    const run = id.value
    release()
    error.value = null
    let fresh = new RunRecords()
    // Events that come before the stored records wait for them; what both hold is taken once.
    let early: { steps: StepRecord[]; epochs: EpochRecord[] }[] | null = []
    const follow = (event: { steps: StepRecord[]; epochs: EpochRecord[] }): void => {
      if (early) return void early.push(event)
      fresh.addSteps(event.steps)
      fresh.addEpochs(event.epochs)
      void changed()
    }
    // Without its events a run that goes on would seem to stand still.
    const refused = new Promise<never>((_, refuse) => (release = lab.subscribe('runs.watch', { run }, follow, refuse)))
    const stored = Promise.all([lab.request('runs.show', { run }), lab.request('runs.epochs', { run })])
    const [shown, epochs] = await Promise.race([refused, stored])
    fresh = new RunRecords(shown.units)
    const parts = curvesInParts(lab, run, shown.progress.step)
    const next = (): ReturnType<typeof parts.next> => Promise.race([refused, parts.next()])
    for (let part = await next(); !part.done; part = await next()) {
      if (!isLatest()) return
      fresh.addCurves(part.value)
    }
    fresh.addEpochs(epochs)
    const openFrom = (epochs[epochs.length - 1]?.lastStep ?? 0) + 1
    const last = fresh.lastStep
    const from = Math.max(1, Math.min(openFrom, last - RECENT_STEPS + 1))
    for (let at = from; at <= last; at += STEPS_AT_ONCE) {
      fresh.addSteps(await lab.request('runs.steps', { run, from: at, to: Math.min(last, at + STEPS_AT_ONCE - 1) }))
      if (!isLatest()) return
    }
    if (!isLatest()) return
    for (const event of early) {
      fresh.addSteps(event.steps)
      fresh.addEpochs(event.epochs)
    }
    early = null
    detail.value = shown
    records.value = fresh
    loaded.value = true
    revision.value++
  }

  watch(
    [id, session],
    ([run, opened], before) => {
      if (before && before[0] !== run) {
        loaded.value = false
        detail.value = null
        records.value = new RunRecords()
      }
      if (opened > 0) void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => release())

  /** State, progress and problem as the list has them now; the configuration as it was asked. */
  const run = computed(() => {
    if (!detail.value) return null
    // What of the configuration cannot be read is known only where all of it was asked for.
    const { unreadable } = detail.value
    return { ...detail.value, ...runs.byId.value?.get(id.value), unreadable }
  })
  // All of a run's records have come before the word of its end: they are shown with it.
  watch(
    () => run.value?.state,
    () => void revision.value++,
  )
  const setAnnotations = (annotations: RunDetail['annotations']): void => {
    if (detail.value) detail.value = { ...detail.value, annotations }
  }

  /** A recorded run gets notes and weights from its program, and units that it knew only after its first step. */
  const lookAgain = useThrottleFn(
    async (): Promise<void> => {
      const asked = id.value
      const shown = await lab.request('runs.show', { run: asked }).catch(() => undefined)
      if (!shown || asked !== id.value || !detail.value) return
      const { annotations, hasWeights } = shown
      if (shown.units.length === detail.value.units.length) detail.value = { ...detail.value, annotations, hasWeights }
      else await load()
    },
    TOLD_MS,
    true,
  )
  const told = computed(() => (run.value?.origin ? `${run.value.id} ${run.value.state} ${run.value.progress.step}` : undefined))
  watch(told, (now, before) => {
    if (now !== undefined && before !== undefined) void lookAgain()
  })
  return { run, records, revision, loaded, error, reload: load, setAnnotations }
}
