import { useThrottleFn } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { FollowedLayer, RunSpectra } from '../../../shared/api'
import type { SpectraRecord } from '../../../shared/spectra/live'
import { useLab } from '../../lab/lab-injection'
import { useLatest } from '../../lab/use-latest'

/** Between two drawings while looks come in, milliseconds. */
const REDRAW_MS = 1500

/** A run's spectra as stored and as they come, in the order of their steps. */
export function useRunSpectra(id: Ref<number>) {
  const { lab, session } = useLab()
  const layers = shallowRef<readonly FollowedLayer[]>([])
  const looks = shallowRef<readonly SpectraRecord[]>([])
  const share = shallowRef<Pick<RunSpectra, 'share' | 'taken'>>({ share: 0, taken: null })
  const loaded = shallowRef(false)
  const { error, ask } = useLatest<unknown>()
  let known = new Map<number, SpectraRecord>()
  let release: () => void = () => {}
  const changed = useThrottleFn(() => void (looks.value = inOrder(known)), REDRAW_MS, true)

  function add(records: readonly SpectraRecord[]): void {
    // A step that was taken again has its look again.
    for (const record of records) known.set(record.step, record)
  }

  async function read(isLatest: () => boolean): Promise<void> {
    const run = id.value
    release()
    known = new Map()
    const mine = known
    const refused = new Promise<never>((_, refuse) => {
      const hear = ({ records }: { records: SpectraRecord[] }): void => {
        if (known !== mine) return
        add(records)
        void changed()
      }
      release = lab.subscribe('runs.watch-spectra', { run }, hear, refuse)
    })
    const answer = await Promise.race([refused, lab.request('runs.spectra', { run })])
    if (!isLatest()) return
    const came = [...known.values()]
    add(answer.records)
    add(came)
    layers.value = answer.layers
    share.value = { share: answer.share, taken: answer.taken }
    looks.value = inOrder(known)
    loaded.value = true
  }

  watch(
    [id, session],
    ([, opened]) => {
      loaded.value = false
      if (opened > 0) void ask(read)
    },
    { immediate: true },
  )
  onScopeDispose(() => release())
  return { layers, looks, share, loaded, error }
}

const inOrder = (records: ReadonlyMap<number, SpectraRecord>): SpectraRecord[] =>
  [...records.values()].sort((a, b) => a.step - b.step)
