import { computed, watch } from 'vue'
import type { NetworkDocument } from '../../../shared/architecture/document'
import type { ItemVersion, LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { useLatest } from '../../lab/use-latest'

/** The versions that were kept of an item, newest first. */
export function useVersions(item: () => LibraryItem | null) {
  const { lab, session } = useLab()
  const { value, error: problem, ask } = useLatest<readonly ItemVersion[]>()
  const versions = computed(() => value.value ?? [])

  const load = () => {
    const id = item()?.id
    return ask(async () => (id === undefined ? [] : lab.request('library.versions', { id })))
  }
  /** Keeps what is on the canvas, whatever of it was saved already. */
  async function keep(document: NetworkDocument, note: string): Promise<boolean> {
    const own = item()
    if (!own) return false
    return ask(async () => {
      if (own.document.format === 'normlab/network') await lab.request('library.save', { id: own.id, document })
      return lab.request('library.keep', { id: own.id, note })
    })
  }
  watch(
    [() => item()?.id, session],
    ([, opened]) => {
      if (opened > 0) void load()
    },
    { immediate: true },
  )
  return { versions, problem, keep }
}
