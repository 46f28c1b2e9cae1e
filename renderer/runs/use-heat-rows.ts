import { computed, shallowRef, watch, type Ref } from 'vue'
import { ratios } from '../../shared/norms/ratio'
import { axisEnd } from '../charts/growing-columns'
import type { BlockView } from '../charts/plot-frame'
import { useLab } from '../lab/lab-injection'
import { useLatest } from '../lab/use-latest'
import { useNotices } from '../ui/use-notices'
import { RECENT_STEPS, type RatioRow, type RunRecords } from './run-records'

/** Steps that the heat map looks into at once. */
const WINDOW = 600

/** Whether a run has so few epochs that it tells more step by step: map and scrubber then begin with steps. */
export function beginsWithSteps({ steps, stepsPerEpoch }: { steps: number; stepsPerEpoch: number }): boolean {
  return stepsPerEpoch <= 0 || steps <= 2 * stepsPerEpoch
}

/** Rows of a run's heat map: its epochs, its newest steps, or the steps of a part that was opened. */
export function useHeatRows(
  id: Ref<number>,
  records: Ref<RunRecords>,
  revision: Ref<number>,
  planned: Ref<{ steps: number; stepsPerEpoch: number }>,
) {
  const { lab } = useLab()
  const { complain } = useNotices()
  const choice = shallowRef<'epoch' | 'step' | null>(null)
  const plannedEpochs = computed(() => {
    const { steps, stepsPerEpoch } = planned.value
    return stepsPerEpoch > 0 ? Math.ceil(steps / stepsPerEpoch) : 0
  })
  const rowName = computed<'epoch' | 'step'>({
    get: () => choice.value ?? (beginsWithSteps(planned.value) ? 'step' : 'epoch'),
    set(value) {
      choice.value = value
      opened.value = null
      rowView.value = null
    },
  })
  /** Steps that were opened; null shows the newest. */
  const opened = shallowRef<{ from: number; rows: RatioRow[] } | null>(null)
  const rowView = shallowRef<BlockView | null>(null)
  const { ask, drop } = useLatest<unknown>()
  watch(id, () => {
    drop()
    choice.value = null
    opened.value = null
    rowView.value = null
  })

  const rows = computed<RatioRow[]>(() => {
    void revision.value
    if (rowName.value === 'epoch') return records.value.epochRows()
    return opened.value?.rows ?? [...records.value.recent]
  })
  const plannedRows = computed(() => {
    if (rowName.value === 'epoch') return axisEnd(rows.value.length, plannedEpochs.value)
    if (opened.value) return Math.max(1, opened.value.rows.length)
    return Math.min(RECENT_STEPS, axisEnd(rows.value.length, planned.value.steps))
  })
  // What is in view stays in view when rows are added below.
  watch(plannedRows, (count) => {
    if (rowView.value && rowView.value.to >= count) rowView.value = null
  })

  const openSteps = (from: number): Promise<boolean> => ask((isLatest) => readSteps(Math.max(1, from), isLatest))
  async function readSteps(first: number, isLatest: () => boolean): Promise<void> {
    try {
      const steps = await lab.request('runs.steps', { run: id.value, from: first, to: first + WINDOW - 1 })
      if (!isLatest()) return
      const measured = steps.filter(({ norms }) => norms.length > 1)
      if (measured.length === 0) return
      choice.value = 'step'
      rowView.value = null
      opened.value = {
        from: first,
        rows: measured.map(({ step, norms }) => {
          const values = ratios(norms)
          return { label: step, mean: values, min: values, max: values }
        }),
      }
    } catch (error) {
      if (isLatest()) complain(error)
    }
  }
  /** From an epoch into its steps; of a step, nothing. */
  function open(label: number): void {
    if (rowName.value !== 'epoch') return
    const epoch = records.value.epochs.find((record) => record.epoch === label)
    const first = epoch?.firstStep ?? records.value.openEpoch?.firstStep
    if (first !== undefined) void openSteps(first)
  }
  const place = computed(() => {
    if (rowName.value === 'epoch') return ''
    const [first, last] = [rows.value[0]?.label, rows.value[rows.value.length - 1]?.label]
    return first === undefined ? '' : `steps ${first}–${last}`
  })
  return {
    ...{ rowName, rows, plannedRows, rowView, open, place },
    /** Sees to it that the rows hold a step, where they are steps. */
    reach(step: number): void {
      const [first, last] = [rows.value[0]?.label, rows.value[rows.value.length - 1]?.label]
      if (first === undefined || last === undefined || step < first) void openSteps(step - WINDOW / 2)
      else if (opened.value && step >= opened.value.from + WINDOW) void openSteps(step - WINDOW / 2)
    },
    earlier: () => void openSteps((opened.value?.from ?? rows.value[0]?.label ?? 1) - WINDOW),
    later: () => void openSteps((opened.value?.from ?? 1) + WINDOW),
    isOpened: computed(() => opened.value !== null),
    hasEarlier: computed(() => (rows.value[0]?.label ?? 1) > 1),
    hasLater: computed(() => opened.value !== null && (rows.value[rows.value.length - 1]?.label ?? 0) < records.value.lastStep),
  }
}
