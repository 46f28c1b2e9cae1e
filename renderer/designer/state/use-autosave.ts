import { useDebounceFn, useEventListener } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'
import { blockOf } from './block-bench'

/** A change is written once the hand has rested so long, milliseconds. */
const REST_MS = 600

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed'

/**
 * Keeps a network in the library as it is drawn: each change is written shortly after it. A network that is not in the library yet
 * gets its place with its first change.
 *
 * @param canSave False for what is only looked at.
 */
export function useAutosave(
  document: Readonly<ShallowRef<NetworkDocument>>,
  item: ShallowRef<LibraryItem | null>,
  canSave: () => boolean,
) {
  const { lab } = useLab()
  const stored = shallowRef<NetworkDocument>(document.value)
  const failure = shallowRef<string | null>(null)
  const saving = shallowRef<Promise<void> | null>(null)

  async function write(): Promise<void> {
    const wanted = document.value
    // A network without nodes is no document; what was there before it stays.
    if (!canSave() || wanted === stored.value || wanted.nodes.length === 0) return
    try {
      const isBlock = item.value?.document.format === 'normlab/block'
      const kept = isBlock ? blockOf(wanted) : wanted
      if (!kept) throw new UserError('the block is gone from its bench, and what was kept of it stays', { remedy: 'undo' })
      const saved = await lab.request('library.save', { ...(item.value && { id: item.value.id }), document: kept })
      item.value = saved
      stored.value = wanted
      failure.value = null
    } catch (error) {
      failure.value = sentenceOf(error)
    }
  }

  /** Writes what is not written yet; one write after the other. */
  async function flush(): Promise<void> {
    while (saving.value) await saving.value
    if (document.value === stored.value) return
    saving.value = write()
    try {
      await saving.value
    } finally {
      saving.value = null
    }
  }

  const later = useDebounceFn(() => void flush(), REST_MS)
  watch(document, () => void later())
  useEventListener(window, 'beforeunload', () => void flush())
  useEventListener(window, 'blur', () => void flush())
  onScopeDispose(() => void flush())

  const state = computed((): SaveState => {
    if (failure.value) return 'failed'
    if (saving.value) return 'saving'
    return document.value === stored.value ? 'saved' : 'unsaved'
  })
  return {
    state,
    failure,
    flush,
    /** What is on the canvas is what is stored, or need not be. */
    settle: () => (stored.value = document.value),
  }
}
