import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useLab } from '../lab/lab-injection'
import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'
import type { ProfileValues } from '../charts/profile-option'
import type { OpenEpoch, RunRecords } from './run-records'

/** The place that the reader looks at: an epoch (null: the newest, live) and a unit; both live in the address. */
export function useRunView(id: Ref<number>, records: Ref<RunRecords>, revision: Ref<number>) {
  const route = useRoute()
  const router = useRouter()
  const { lab } = useLab()
  const epoch = computed(() => whole(route.query['epoch']))
  const block = computed(() => {
    const shown = whole(route.query['block'])
    return shown === null ? null : shown - 1
  })

  function go(change: { epoch?: number | null; block?: number | null }): void {
    const to = { epoch: epoch.value, block: block.value, ...change }
    const query: Record<string, string> = {}
    if (to.epoch !== null) query['epoch'] = String(to.epoch)
    if (to.block !== null) query['block'] = String(to.block + 1)
    void router.replace({ query })
  }

  const chosen = computed<EpochRecord | null>(() => {
    void revision.value
    return epoch.value === null ? null : (records.value.epochs.find((record) => record.epoch === epoch.value) ?? null)
  })
  const chosenStep = useLastStepOf(id, chosen, (run, step) => lab.request('runs.steps', { run, from: step, to: step }))

  const profile: ComputedRef<ProfileValues> = computed(() => {
    void revision.value
    const { latest, latestRatios, openEpoch, epochs } = records.value
    if (chosen.value) {
      const record = chosenStep.value
      return {
        step: record?.step ?? null,
        now: record ? ratios(record.norms) : null,
        norms: record?.norms ?? null,
        band: { label: `epoch ${chosen.value.epoch}`, ...chosen.value.ratios },
      }
    }
    const closed = epochs[epochs.length - 1]
    return {
      step: latest?.step ?? null,
      now: latestRatios,
      norms: latest?.norms ?? null,
      band: openEpoch
        ? { ...openEpoch, label: openLabel(openEpoch) }
        : closed
          ? { label: `epoch ${closed.epoch}`, ...closed.ratios }
          : null,
    }
  })
  return {
    epoch,
    block,
    profile,
    chooseEpoch: (wanted: number | null) => go({ epoch: wanted }),
    /** The same unit again lets it go. */
    chooseBlock: (wanted: number) => go({ block: wanted === block.value ? null : wanted }),
    chooseCell: (unit: number | null, row: number | null) => {
      const finished = records.value.epochs.some((record) => record.epoch === row)
      go({ ...(unit === null ? {} : { block: unit }), ...(finished ? { epoch: row } : {}) })
    },
  }
}

function openLabel(open: OpenEpoch): string {
  return `epoch ${open.label} so far, steps ${open.firstStep}–${open.lastStep}`
}

function whole(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : NaN
  return Number.isInteger(number) && number > 0 ? number : null
}

/** The record of an epoch's last step, fetched when the epoch is chosen; the answer to an older choice is dropped. */
function useLastStepOf(
  id: Ref<number>,
  chosen: ComputedRef<EpochRecord | null>,
  fetch: (run: number, step: number) => Promise<StepRecord[]>,
): ShallowRef<StepRecord | null> {
  const record = shallowRef<StepRecord | null>(null)
  watch(
    () => chosen.value?.lastStep ?? null,
    async (step) => {
      if (step === null) {
        record.value = null
        return
      }
      try {
        const [found] = await fetch(id.value, step)
        if (chosen.value?.lastStep === step) record.value = found ?? null
      } catch {
        if (chosen.value?.lastStep === step) record.value = null
      }
    },
    { immediate: true },
  )
  return record
}
