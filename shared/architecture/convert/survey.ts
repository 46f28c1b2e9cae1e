import type { ExpandedNetwork, ExpandedUnit } from '../expand'
import type { BlockNode, NetworkDocument, NetworkNode } from '../document'
import { type Home, inFlow, inputsAt, isBlock } from './connections'
import { residualParts } from './residual'
import { stemOf, stemWidth } from './stem'
import { transitionKind } from './transition'

/** The forms that a network with skips takes: the paper's (versions 2 to 5), that of its first version, and as ResNets are published. */
export const FORMS = ['projected', 'l2-pooling', 'learned'] as const
export type Form = (typeof FORMS)[number]

/** A unit of the document and the lists that it lies in, the document's own first. */
export interface Place<N extends NetworkNode = NetworkNode> {
  readonly node: N
  readonly homes: readonly Home[]
  /** Ids joined by `/`. */
  readonly path: string
  /** What its layers' names begin with before its own: `stage1.` */
  readonly prefix: string
  /** Whether a block around it is repeated, so that it stands for several places of the network. */
  readonly isInCopies: boolean
}

export interface Survey {
  /** Blocks that add a skip to a branch. */
  readonly residual: readonly Place<BlockNode>[]
  /** Blocks that concatenate their input with what they make of it. */
  readonly dense: readonly Place<BlockNode>[]
  readonly transitions: readonly Place[]
}

/** The residual blocks, dense blocks and transitions of a document, in the order in which they are passed. */
export function survey(document: NetworkDocument): Survey {
  const found = { residual: [] as Place<BlockNode>[], dense: [] as Place<BlockNode>[], transitions: [] as Place[] }
  const visit = (homes: readonly Home[], path: string, prefix: string, isInCopies: boolean): void => {
    const { list, owner } = homes[homes.length - 1]!
    for (const node of inFlow(list, owner !== null)) {
      const place = { homes, path: path + node.id, prefix, isInCopies }
      if (node.unit === 'transition') found.transitions.push({ node, ...place })
      if (!isBlock(node) || node.unit === 'transition' || node.unit === 'stem') continue
      if (node.unit === 'block') {
        if (residualParts(node)) found.residual.push({ node, ...place })
        else if (concatenates(node)) found.dense.push({ node, ...place })
      } else {
        const inside = [...homes, { list: node.nodes, owner: node }]
        visit(inside, `${place.path}/`, `${prefix}${nameOf(node)}.`, isInCopies || (node.repeat ?? 1) > 1)
      }
    }
  }
  visit([{ list: document.nodes, owner: null }], '', '', false)
  return found
}

/** Whether a block concatenates its input with something else. */
export const concatenates = ({ nodes }: BlockNode): boolean =>
  nodes.some((node, i) => node.kind === 'concatenate' && inputsAt(nodes, i, true).includes('$input'))

/** A node's name in the expanded network, the first copy's where it is repeated. */
const nameOf = (node: NetworkNode, copy = 0): string =>
  isBlock(node) && node.repeat !== undefined ? `${node.id}${(node.first ?? 1) + copy}` : node.id

/** The unit that a copy of a place is in the expanded network, and the shapes that enter and leave it. */
export function unitAt(
  network: ExpandedNetwork,
  { node, prefix }: Place,
  copy = 0,
): ExpandedUnit & { readonly entering: readonly number[]; readonly leaving: readonly number[] } {
  const name = prefix + nameOf(node, copy)
  const unit = network.units.find((candidate) => candidate.name === name)!
  return { ...unit, entering: network.layers[unit.input]!.shape, leaving: network.layers[unit.output]!.shape }
}

/**
 * The form that a document has: null where its parts are of several, or nothing in it tells. It need not be free of errors.
 */
export function formOf(document: NetworkDocument): Form | null {
  const { residual, dense, transitions } = survey(document)
  if (residual.length === 0 && dense.length === 0) return null
  const ofKind = { learned: 'learned', projectable: 'projected', 'l2-pooling': 'l2-pooling', none: null } as const
  const forms: (Form | null)[] = transitions.map(({ node }) => ofKind[transitionKind(node)])
  if (residual.some(({ node }) => residualParts(node)?.skip === 'shortcut')) forms.push('learned')
  const stem = residual.length > 0 ? stemOf(document) : null
  if (stem && stemWidth(stem).times > 1) forms.push('l2-pooling')
  if (forms.length > 0) return forms.every((form) => form === forms[0]) ? forms[0]! : null
  if (residual.length === 0) return null
  if (stem?.unit.unit !== 'stem') return 'learned'
  return document.nodes.some(({ kind }) => kind === 'global-l2-pool') ? 'l2-pooling' : 'projected'
}
