import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { DOCUMENT_VERSION } from '../../../shared/architecture'
import type { NetworkDocument } from '../../../shared/architecture/document'
import type { BlockDocument, ItemVersion, LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { formatMoment } from '../../ui/format'
import { sentenceOf } from '../../ui/use-notices'

/** Something that can be compared: `canvas`, `version:3`, `item:5`; `preset` and `run` ask for a word more. */
export interface Choice {
  readonly key: string
  readonly label: string
  readonly document: NetworkDocument
}

/** A block as the only node of a network, so that it can be compared. */
export const asNetwork = (document: NetworkDocument | BlockDocument): NetworkDocument =>
  'nodes' in document
    ? document
    : { format: 'normlab/network', version: DOCUMENT_VERSION, name: document.name, nodes: [document.node] }

/** All that is at hand to be compared with what is on the canvas. */
export function useChoices(
  canvas: () => NetworkDocument,
  item: () => LibraryItem | null,
  versions: () => readonly ItemVersion[],
  isOpen: () => boolean,
) {
  const { lab, session } = useLab()
  const items = shallowRef<readonly LibraryItem[]>([])
  watch(
    [isOpen, session],
    async ([open, opened]) => {
      if (!open || opened === 0) return
      // Without the library there is still the rest to compare with.
      items.value = await lab.request('library.list', {}).catch(() => [])
    },
    { immediate: true },
  )
  return {
    canvas: computed<Choice>(() => ({ key: 'canvas', label: 'On the canvas', document: canvas() })),
    versions: computed<Choice[]>(() =>
      versions().map(({ id, at, note, document }) => ({
        key: `version:${id}`,
        label: note || formatMoment(at),
        document: asNetwork(document),
      })),
    ),
    items: computed<Choice[]>(() =>
      items.value
        .filter(({ id }) => id !== item()?.id)
        .map(({ id, name, document }) => ({ key: `item:${id}`, label: name, document: asNetwork(document) })),
    ),
  }
}

/** One side of a comparison: what is chosen, and its document once it is known. */
export function useSide(first: string, choices: () => readonly Choice[]) {
  const { lab } = useLab()
  const key = shallowRef(first)
  /** A preset's words or a run's number. */
  const word = shallowRef('')
  const asked = shallowRef<NetworkDocument | null>(null)
  const problem = shallowRef<string | null>(null)
  let generation = 0
  watchDebounced(
    [key, word],
    async () => {
      const mine = ++generation
      asked.value = problem.value = null
      const text = word.value.trim()
      if ((key.value !== 'preset' && key.value !== 'run') || text === '') return
      try {
        const found =
          key.value === 'preset'
            ? (await lab.request('networks.inspect', { network: text })).document
            : await runNetwork(text.replace(/^#/, ''))
        if (mine === generation) asked.value = found
      } catch (error) {
        if (mine === generation) problem.value = sentenceOf(error)
      }
    },
    { debounce: 200 },
  )
  async function runNetwork(text: string): Promise<NetworkDocument | null> {
    if (/^[1-9]\d{0,8}$/.test(text)) return (await lab.request('runs.show', { run: Number(text) })).configuration.network
    problem.value = 'A run is named by its number, as in #12.'
    return null
  }
  const document = computed(() => choices().find((choice) => choice.key === key.value)?.document ?? asked.value)
  return { key, word, document, problem }
}
