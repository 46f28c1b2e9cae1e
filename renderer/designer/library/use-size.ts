import { onScopeDispose, shallowRef, watch } from 'vue'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'
import { formatCount } from '../../ui/format'
import { thumbnail, type Thumbnail } from './thumbnail'

/** What a card tells of a document. */
export interface DocumentSize {
  readonly thumbnail: Thumbnail
  /** With all repeats written out. */
  readonly layers: number
  /** Null for a block: they depend on what enters it. */
  readonly parameters: number | null
  readonly depth: number | null
  /** How many things do not fit. */
  readonly problems: number
}

/** What a document comes to, and its picture. */
export function sizeOf(document: NetworkDocument | BlockDocument): DocumentSize {
  if ('node' in document) {
    const layers = layersOf(document.node)
    return { thumbnail: thumbnail(document, () => null), layers, parameters: null, depth: null, problems: 0 }
  }
  const check = checkNetwork(document)
  return {
    thumbnail: thumbnail(document, (path) => check.nodes.get(path)?.output ?? null),
    layers: check.layers,
    parameters: check.parameters,
    depth: check.depth,
    problems: check.problems.length,
  }
}

/** `159 layers`. */
export const layersText = (layers: number): string => `${formatCount(layers)} ${layers === 1 ? 'layer' : 'layers'}`

const layersOf = (node: NetworkNode): number =>
  'nodes' in node ? (node.repeat ?? 1) * node.nodes.reduce((sum, inner) => sum + layersOf(inner), 0) : 1

const known = new WeakMap<object, DocumentSize>()
const waiting: (() => void)[] = []

/** One after another, each in a turn of its own, so that a library of hundreds does not hold the page. */
function inTurn(work: () => void): void {
  waiting.push(work)
  if (waiting.length === 1) setTimeout(next)
}
function next(): void {
  waiting[0]?.()
  waiting.shift()
  if (waiting.length > 0) setTimeout(next)
}

/** A document's size, soon. */
export function useSize(document: () => NetworkDocument | BlockDocument | null) {
  const size = shallowRef<DocumentSize | null>(null)
  let isGone = false
  onScopeDispose(() => (isGone = true))
  watch(
    document,
    (wanted) => {
      size.value = (wanted && known.get(wanted)) ?? null
      if (!wanted || size.value) return
      inTurn(() => {
        if (isGone || document() !== wanted) return
        const found = sizeOf(wanted)
        known.set(wanted, found)
        size.value = found
      })
    },
    { immediate: true },
  )
  return size
}
