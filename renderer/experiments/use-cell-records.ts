import { computed, shallowRef, watch } from 'vue'
import type { EpochRecord, Unit } from '../../shared/records'
import { useLab } from '../lab/lab-injection'
import type { Summary } from '../run-list/run-state'
import type { Combination } from './statistics'

/** A run's epochs, with the units that their ratios are of. */
export interface CellRecords {
  readonly epochs: readonly EpochRecord[]
  readonly units: readonly Unit[]
}

/** The epochs of an experiment's runs by their numbers; each is read again when it has more than before. */
export function useCellRecords(combinations: () => readonly Combination[], runs: () => ReadonlyMap<number, Summary>) {
  const { lab } = useLab()
  const records = shallowRef<ReadonlyMap<number, CellRecords>>(new Map())
  const wanted = computed(() =>
    combinations().flatMap(({ cells }) =>
      cells.flatMap(({ run }) => {
        const summary = run === null ? undefined : runs().get(run)
        return summary && summary.measures.epoch > 0 ? [{ run: summary.id, epochs: summary.measures.epoch }] : []
      }),
    ),
  )
  watch(
    () => wanted.value.map(({ run, epochs }) => `${run}:${epochs}`).join(),
    async () => {
      for (const { run, epochs } of wanted.value) {
        if ((records.value.get(run)?.epochs.length ?? 0) >= epochs) continue
        try {
          const units = records.value.get(run)?.units ?? (await lab.request('runs.show', { run })).units
          const found = await lab.request('runs.epochs', { run })
          records.value = new Map(records.value).set(run, { epochs: found, units })
        } catch {
          // The run is gone; its combination is drawn without it.
        }
      }
    },
    { immediate: true },
  )
  return records
}
