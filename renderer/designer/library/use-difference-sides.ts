import { computed, shallowRef, watch } from 'vue'
import { DOCUMENT_VERSION } from '../../../shared/architecture'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import { networkOfRun } from '../../../shared/run-settings'
import type { BlockDocument, ItemVersion, LibraryItem } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { useAnswer } from '../../lab/use-latest'
import { formatMoment } from '../../ui/format'

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
) {
  const { lab, session } = useLab()
  const items = shallowRef<readonly LibraryItem[]>([])
  watch(
    session,
    async (opened) => {
      if (opened === 0) return
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
  const { value: asked, error: problem } = useAnswer(
    () => {
      const text = word.value.trim()
      return (key.value === 'preset' || key.value === 'run') && text !== '' ? [key.value, text] : null
    },
    ([kind, text]) => (kind === 'preset' ? presetNetwork(text!) : runNetwork(text!.replace(/^#/, ''))),
    { wait: 200, earlier: 'goes at once' },
  )
  async function presetNetwork(network: string): Promise<NetworkDocument> {
    return (await lab.request('networks.inspect', { network })).document
  }
  async function runNetwork(text: string): Promise<NetworkDocument> {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new UserError('a run is named by its number, as in #12')
    return networkOfRun(await lab.request('runs.show', { run: Number(text) }))
  }
  const document = computed(() => choices().find((choice) => choice.key === key.value)?.document ?? asked.value)
  return { key, word, document, problem }
}
