import { shallowRef, watch } from 'vue'
import type { NetworkDocument } from '../../../shared/architecture/document'
import type { ItemVersion, LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'

/** The versions that were kept of an item, newest first. */
export function useVersions(item: () => LibraryItem | null, isOpen: () => boolean) {
  const { lab, session } = useLab()
  const versions = shallowRef<readonly ItemVersion[]>([])
  const problem = shallowRef<string | null>(null)
  let generation = 0

  async function told(work: () => Promise<readonly ItemVersion[]>): Promise<boolean> {
    const mine = ++generation
    try {
      const found = await work()
      if (mine === generation) versions.value = found
      problem.value = null
      return true
    } catch (error) {
      problem.value = sentenceOf(error)
      return false
    }
  }
  const load = () => {
    const id = item()?.id
    return told(async () => (id === undefined ? [] : lab.request('library.versions', { id })))
  }
  /** Keeps what is on the canvas, whatever of it was saved already. */
  async function keep(document: NetworkDocument, note: string): Promise<boolean> {
    const own = item()
    if (!own) return false
    return told(async () => {
      if (own.document.format === 'normlab/network') await lab.request('library.save', { id: own.id, document })
      return lab.request('library.keep', { id: own.id, note })
    })
  }
  watch(
    [() => item()?.id, isOpen, session],
    ([, open, opened]) => {
      if (open && opened > 0) void load()
    },
    { immediate: true },
  )
  return { versions, problem, keep }
}
