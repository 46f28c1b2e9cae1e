import { boundDelta } from '../norms/bound'
import { ops } from '../ops'
import { WINDOW_NORM } from '../ops/l2-pool'
import { isBlock, numberOf } from './convert/connections'
import { behindSum, isActivation, isConvolution, isNorm, layersIn, residualParts } from './convert/residual'
import { concatenates } from './convert/survey'
import { transitionKind, type TransitionKind } from './convert/transition'
import type { BlockNode, LayerNode, NetworkDocument, NetworkNode } from './document'

/** How a unit hands its input on beside what it makes of it. */
export type Skip = 'identity' | 'shortcut' | 'concatenation' | 'none'

/** What a branch does that none of the theorem's does. */
export type Beyond = 'attention' | 'gate'

/** What the theory says of a unit. */
export interface UnitTheory {
  /** Ids joined by `/`; of a repeated block once for all copies. */
  readonly path: string
  readonly kind: NonNullable<NetworkNode['unit']>
  /** How many units of the network it stands for. */
  readonly copies: number
  readonly skip: Skip
  /** What follows its sum, so that the ratio is measured behind it. */
  readonly behind: 'activation' | 'norm' | null
  readonly beyond: Beyond | null
  /** One sentence, with its source. */
  readonly claim: string
}

export interface Theory {
  readonly units: readonly UnitTheory[]
  /** Nodes whose backward pass hands the gradient's norm on by what they are. */
  readonly preserving: readonly { readonly path: string; readonly why: string }[]
  /** Where the shape changes: transitions, and blocks with a shortcut. */
  readonly transitions: readonly { readonly path: string; readonly kind: TransitionKind; readonly why: string }[]
  /** L: blocks of the network, copies counted, as a run's bound counts them. */
  readonly blocks: number
  /** δ(L) = c·log(2L)/L. */
  readonly delta: (c: number) => number
}

const THEOREM = 'arXiv 1805.07477, theorem 1'

/**
 * What the theory says of each part of a network, by what is drawn: nothing is expanded, so the document may have errors.
 */
export function theoryOf(document: NetworkDocument): Theory {
  const units: UnitTheory[] = []
  const preserving: { path: string; why: string }[] = []
  const transitions: { path: string; kind: TransitionKind; why: string }[] = []
  const visit = (nodes: readonly NetworkNode[], prefix: string, around: number, isInUnit: boolean): void => {
    for (const node of nodes) {
      const path = prefix + node.id
      const copies = around * (isBlock(node) ? (node.repeat ?? 1) : 1)
      // A unit inside a unit is none.
      const unit = isInUnit ? undefined : node.unit
      if (unit) units.push(unitTheory(node, unit, path, copies))
      if (unit === 'transition') transitions.push({ path, ...transitionTheory(node) })
      if (unit === 'block' && isBlock(node) && residualParts(node)?.skip === 'shortcut')
        transitions.push({ path, ...shortcutTheory(node) })
      const why = preservingWhy(node)
      if (why) preserving.push({ path, why })
      if (!isBlock(node)) continue
      const skip = node.unit === 'block' ? residualParts(node) : null
      if (skip?.skip === 'identity')
        preserving.push({
          path: `${path}/${skip.add.id}`,
          why: 'The skip is the identity: it hands the gradient of the sum back as it is.',
        })
      visit(node.nodes, `${path}/`, copies, isInUnit || node.unit !== undefined)
    }
  }
  visit(document.nodes, '', 1, false)
  const blocks = units.reduce((sum, { kind, copies }) => sum + (kind === 'block' ? copies : 0), 0)
  return { units, preserving, transitions, blocks, delta: (c) => boundDelta(c, blocks) }
}

function unitTheory(node: NetworkNode, kind: UnitTheory['kind'], path: string, copies: number): UnitTheory {
  const skip = skipOf(node)
  const unit = { path, kind, copies, skip, behind: isBlock(node) ? behindSum(node) : null, beyond: beyondIn(node) }
  if (kind === 'block' && isIsometric(node)) return { ...unit, claim: isometricClaim(node) }
  if (kind === 'transition') return { ...unit, claim: transitionTheory(node).why }
  if (kind === 'stem') return { ...unit, claim: stemClaim(node) }
  return { ...unit, claim: blockClaim(unit) }
}

/** So many terms of a skew convolution's series keep singular values to 1e-5. */
const TERMS = 8

function isometricClaim(node: NetworkNode): string {
  const where = 'at every step where none of its layers gives more numbers than it takes'
  const skew = layersIn([node]).filter(({ kind }) => kind === 'skew-conv2d')
  const terms = Math.min(...skew.map((layer) => numberOf(layer, 'terms')))
  return terms < TERMS
    ? `Its ratio is about 1 ${where}: all of them have orthogonal Jacobians but for what the series of a skew convolution leaves out behind ${terms === 1 ? 'its first term' : `${terms} terms`}; ${TERMS} keep norms to 1e-5.`
    : `Its ratio is 1 ${where}: all of them have orthogonal Jacobians, whatever they have learned.`
}

/** A chain of layers of which each has an orthogonal Jacobian by construction; that of a window's norm keeps the gradient's norm alone, and of a window of zeros not even that. */
function isIsometric(node: NetworkNode): boolean {
  const layers = layersIn([node])
  const keeps = ({ kind }: LayerNode): boolean => {
    if (kind === 'orthogonal-conv2d' || kind === 'skew-conv2d') return true
    const why = ops.get(kind)?.keepsGradientNorm
    return why !== undefined && why !== WINDOW_NORM
  }
  return layers.length > 0 && layers.every((layer) => keeps(layer) && (layer.inputs?.length ?? 1) === 1) && isChain(node)
}

/** Each node of it takes the one before: a value that two take hands back the sum of their gradients. */
const isChain = (node: NetworkNode): boolean =>
  !isBlock(node) ||
  ((node.inputs?.length ?? 1) === 1 &&
    node.output === undefined &&
    node.nodes.every((inner, i) => {
      const before = i === 0 ? '$input' : node.nodes[i - 1]!.id
      return (inner.inputs ?? [before]).every((input) => input === before) && isChain(inner)
    }))

/** `identity` where a sum in the block takes the block's input itself. */
function skipOf(node: NetworkNode): Skip {
  if (!isBlock(node)) return 'none'
  return residualParts(node)?.skip ?? (concatenates(node) ? 'concatenation' : 'none')
}

function beyondIn(node: NetworkNode): Beyond | null {
  const kinds = new Set(layersIn([node]).map(({ kind }) => kind))
  return kinds.has('attention') ? 'attention' : kinds.has('multiply') ? 'gate' : null
}

const BEYOND: Readonly<Record<Beyond, string>> = {
  attention: 'what attends to all places is',
  gate: 'a gate, which multiplies two values, is',
}

const FOLLOWS = { norm: 'a norm follows', activation: 'an activation follows' } as const

function blockClaim({ skip, behind, beyond }: Pick<UnitTheory, 'skip' | 'behind' | 'beyond'>): string {
  if (skip === 'identity' && beyond)
    return `No bound: ${BEYOND[beyond]} not among the branches that the theorem is about (${THEOREM}); a ratio near 1 may be that of a branch which adds little.${behind ? ` Here ${FOLLOWS[behind]} the sum besides.` : ''}`
  if (skip === 'identity' && behind)
    return `The bound 1 ± δ(L) is for identity skips (${THEOREM}); here ${FOLLOWS[behind]} the sum, and the ratio is measured behind it.`
  if (skip === 'identity') return `Its ratio is within 1 ± δ(L), closer to 1 the more blocks there are (${THEOREM}).`
  if (skip === 'shortcut')
    return `No bound: a shortcut with layers of its own is no identity, which the theorem is about (${THEOREM}).`
  if (skip === 'concatenation')
    return 'No bound: it concatenates where the theorem adds; for such networks the paper gives guidance only (arXiv 1805.07477, discussion).'
  return `No bound: nothing goes past its layers, and the theorem is about identity skips (${THEOREM}).`
}

function stemClaim(node: NetworkNode): string {
  const layers = layersIn([node])
  const convolution = layers.find((layer) => layer.kind === 'conv2d' && numberOf(layer, 'groups') === 1)
  if (!convolution) return `No bound: the theorem is about residual blocks, not the stem (${THEOREM}).`
  const behind = layers.some((layer) => isNorm(layer) || isActivation(layer)) ? ', before its norm and activation,' : ''
  return `No bound as it stands; projected, the singular values of its convolution${behind} ${projected(convolution)}.`
}

/** What a projection makes of a convolution's singular values. */
function projected(convolution: LayerNode): string {
  const isExact = numberOf(convolution, 'size') === 1
  const how = isExact ? 'are all √(out/in)' : 'are about √(out/in), as the crop to the kernel’s size allows'
  return `${how}, with in and out its channels (arXiv 1805.07477v5)`
}

/** What is known of a block whose shortcut changes the shape. */
function shortcutTheory(block: BlockNode): { kind: TransitionKind; why: string } {
  const isLearned = layersIn(residualParts(block)!.shortcut).some(isConvolution)
  const what = isLearned ? 'the shortcut is learned' : 'the shortcut is no identity, though it has nothing to learn'
  return {
    kind: isLearned ? 'learned' : 'none',
    why: `No bound: ${what}; a transition before the block would leave it an identity skip (${THEOREM}).`,
  }
}

/** What stands between two stages, and what is known of its norm. */
function transitionTheory(node: NetworkNode): { kind: TransitionKind; why: string } {
  const kind = transitionKind(node)
  const layers = layersIn([node])
  if (kind === 'learned')
    return { kind, why: 'No bound: a learned transition with norm, activation or pooling makes of the norm what it learns.' }
  if (kind === 'none') return { kind, why: 'No bound: it is neither a convolution that can be projected nor L2 pooling.' }
  if (kind === 'projectable')
    return { kind, why: `No bound as it stands; projected, its singular values ${projected(layers[0]!)}.` }
  const pools = layers.some((layer) => layer.kind === 'l2-pool')
  const copies = layers.some((layer) => layer.kind === 'duplicate')
  const pooling = 'L2 pooling carries the gradient’s norm back exactly, but for windows of zeros (arXiv 1805.07477v1)'
  const duplication = 'copying the channels adds the copies’ gradients up, which in general does not keep it'
  if (!pools) return { kind, why: `${duplication.charAt(0).toUpperCase()}${duplication.slice(1)}.` }
  return { kind, why: copies ? `${pooling}; ${duplication}.` : `${pooling}.` }
}

const preservingWhy = (node: NetworkNode): string | null => ops.get(node.kind)?.keepsGradientNorm ?? null
