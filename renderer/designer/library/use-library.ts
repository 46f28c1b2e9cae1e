import { shallowRef, watch } from 'vue'
import type { PresetInfo } from '../../../shared/api'
import type { LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf, useNotices } from '../../ui/use-notices'
import { copyName } from './order'

/** The user's own networks and blocks, the presets, and what can be done with them. */
export function useLibrary() {
  const { lab, session } = useLab()
  const { say, complain } = useNotices()
  const items = shallowRef<readonly LibraryItem[] | null>(null)
  const presets = shallowRef<readonly PresetInfo[]>([])
  const error = shallowRef<string | null>(null)
  /** The last items that went, for Ctrl+Z. */
  const deleted: number[][] = []

  async function load(): Promise<void> {
    try {
      error.value = null
      ;[items.value, presets.value] = await Promise.all([lab.request('library.list', {}), lab.request('presets.list', {})])
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  async function told<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (problem) {
      complain(problem)
      return null
    }
  }
  /** Puts items in the place of what there was of them. */
  function put(changed: readonly LibraryItem[]): void {
    const others = (items.value ?? []).filter(({ id }) => !changed.some((one) => one.id === id))
    items.value = [...changed, ...others]
  }

  const rename = (item: LibraryItem, name: string) =>
    told(async () => put([await lab.request('library.rename', { id: item.id, name })]))

  const duplicate = (item: LibraryItem) =>
    told(async () => {
      const name = copyName(
        item.name,
        (items.value ?? []).map((one) => one.name),
      )
      const copy = await lab.request('library.save', { document: { ...item.document, name } })
      put([copy])
      return copy
    })

  const restore = (ids: number[]) =>
    told(async () => {
      const at = deleted.indexOf(ids)
      if (at < 0) return
      deleted.splice(at, 1)
      put(await lab.request('library.restore', { ids }))
    })

  const remove = (item: LibraryItem) =>
    told(async () => {
      const ids = [item.id]
      await lab.request('library.delete', { ids })
      items.value = (items.value ?? []).filter(({ id }) => id !== item.id)
      deleted.push(ids)
      say(`“${item.name}” was deleted.`, { label: 'Undo', perform: () => restore(ids) })
    })

  /** Brings back what went last. */
  const undo = (): void => {
    const last = deleted[deleted.length - 1]
    if (last) void restore(last)
  }

  watch(session, (opened) => opened > 0 && void load(), { immediate: true })
  return { items, presets, error, load, put, rename, duplicate, remove, undo }
}
