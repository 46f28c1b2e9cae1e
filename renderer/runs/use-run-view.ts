import { computed, type ComputedRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'
import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord, WithoutCopies } from '../../shared/records'
import type { ProfileValues } from '../charts/profile-option'
import { nearestIndex } from '../charts/thin'
import type { OpenEpoch, RunRecords } from './run-records'

/**
 * The moment and the unit that the reader looks at; both live in the address. The moment is an epoch (its last step), a step,
 * or neither: the newest, live. Where not every step is measured, norms and ratios are those of the last one that was.
 *
 * @param every Steps from one that is measured to the next.
 */
export function useRunView(id: Ref<number>, records: Ref<RunRecords>, revision: Ref<number>, every: Ref<number>) {
  const route = useRoute()
  const router = useRouter()
  const { lab } = useLab()
  const epoch = computed(() => whole(route.query['epoch']))
  const step = computed(() => whole(route.query['step']))
  const block = computed(() => {
    const shown = whole(route.query['block'])
    return shown === null ? null : shown - 1
  })

  function go(change: { epoch?: number | null; step?: number | null; block?: number | null }): void {
    const to = { epoch: epoch.value, step: step.value, block: block.value, ...change }
    const query: Record<string, string> = {}
    if (to.epoch !== null) query['epoch'] = String(to.epoch)
    if (to.step !== null) query['step'] = String(to.step)
    if (to.block !== null) query['block'] = String(to.block + 1)
    void router.replace({ query })
  }

  /** The epoch whose band is shown: the chosen one, or that of the chosen step. */
  const chosen = computed<EpochRecord | null>(() => {
    void revision.value
    const { epochs } = records.value
    if (step.value !== null)
      return epochs.find(({ firstStep, lastStep }) => firstStep <= step.value! && step.value! <= lastStep) ?? null
    return epoch.value === null ? null : (epochs.find((record) => record.epoch === epoch.value) ?? null)
  })
  const chosenStep = computed(() => step.value ?? (epoch.value === null ? null : (chosen.value?.lastStep ?? null)))
  const measuredStep = computed(() =>
    chosenStep.value === null ? null : Math.floor((chosenStep.value - 1) / every.value) * every.value + 1,
  )
  const { value: shownRecord } = useAnswer(
    () => (measuredStep.value === null ? null : ([id.value, measuredStep.value] as const)),
    async ([run, at]): Promise<StepRecord | null> => (await lab.request('runs.steps', { run, from: at, to: at }))[0] ?? null,
    { earlier: 'goes with a failure' },
  )
  /** The record of the moment: of the chosen step, or the newest that was measured. */
  const record = computed<StepRecord | null>(() => {
    void revision.value
    return chosenStep.value === null ? records.value.latest : shownRecord.value
  })

  /** What was learned up to the moment; null shows the newest. */
  const learned = computed<Learned | null>(() => {
    void revision.value
    const at = chosenStep.value
    if (at === null) return null
    const { epochs, step: steps } = records.value
    const index = nearestIndex(steps.view(), at)
    if (steps.at(index) !== at) return null
    const tested = epochs.filter(({ lastStep, testAccuracy }) => lastStep <= at && testAccuracy !== null).pop()
    return {
      step: at,
      loss: records.value.column('loss').at(index),
      accuracy: records.value.column('accuracy').at(index),
      testAccuracy: tested?.testAccuracy ?? null,
      withoutCopies: tested?.withoutCopies ?? null,
      testedEpoch: tested?.epoch ?? null,
    }
  })
  /** The moment's epoch, finished or not; null for the newest. */
  const chosenEpoch = computed(() => {
    void revision.value
    if (chosenStep.value === null) return null
    return chosen.value?.epoch ?? records.value.openEpoch?.label ?? null
  })

  const profile: ComputedRef<ProfileValues> = computed(() => {
    void revision.value
    const { latestRatios, openEpoch, epochs } = records.value
    const closed = chosenStep.value === null ? epochs[epochs.length - 1] : chosen.value
    const open = openEpoch && (chosenStep.value === null || chosenStep.value >= openEpoch.firstStep) ? openEpoch : null
    const now = record.value
    return {
      step: now?.step ?? null,
      now: now === null || now.norms.length === 0 ? null : chosenStep.value === null ? latestRatios : ratios(now.norms),
      norms: now?.norms ?? null,
      band: open ? { ...open, label: openLabel(open) } : closed ? { label: `epoch ${closed.epoch}`, ...closed.ratios } : null,
    }
  })
  return {
    ...{ epoch, step, block, profile, record, chosenStep, chosenEpoch, learned },
    chooseEpoch: (wanted: number | null) => go({ epoch: wanted, step: null }),
    chooseStep: (wanted: number | null) => go({ epoch: null, step: wanted }),
    /** The same unit again lets it go. */
    chooseBlock: (wanted: number | null) => go({ block: wanted === block.value ? null : wanted }),
    chooseCell(unit: number | null, row: number | null, rowName: 'epoch' | 'step') {
      const isFinished = rowName === 'step' || records.value.epochs.some((known) => known.epoch === row)
      const moment =
        row === null || !isFinished ? {} : rowName === 'step' ? { step: row, epoch: null } : { epoch: row, step: null }
      go({ ...(unit === null ? {} : { block: unit }), ...moment })
    },
  }
}

/** A moment in what is learned. */
export interface Learned {
  readonly step: number
  readonly loss: number
  readonly accuracy: number
  /** Of the last epoch before that was tested. */
  readonly testAccuracy: number | null
  readonly withoutCopies: WithoutCopies | null
  readonly testedEpoch: number | null
}

function openLabel(open: OpenEpoch): string {
  return `epoch ${open.label} so far, steps ${open.firstStep}–${open.lastStep}`
}

function whole(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : NaN
  return Number.isInteger(number) && number > 0 ? number : null
}
