import { UserError } from '../../errors'
import type { BlockNode, NetworkDocument, NetworkNode } from '../document'
import { type ExpandedNetwork, expand } from '../expand'
import { block } from '../presets/pieces'
import { freeId, type Home, isBlock, outputOf, putBefore, takeOut, takersOf } from './connections'
import { joinCopies, partAll, partFirst } from './copies'
import { bottleneckWidth, isPostActivation, makeIdentity, makeShortcut, residualParts, strideOf } from './residual'
import { bare, behindConvolution, dress, setStemUnit, setStemWidth, type Stem, stemOf, stemWidth } from './stem'
import { type Form, formOf, type Place, survey, unitAt } from './survey'
import { bareConvolution, l2Pooling, refill, transitionKind, type TransitionKind, transitionStride } from './transition'

/** A place where the shape changes, with a node that stands for it. */
interface Change {
  node: NetworkNode
  readonly home: Home
  /** What it is called in messages. */
  readonly place: string
  readonly entering: readonly number[]
  readonly channels: number
  readonly stride: number
  /** What it was; null for what a shortcut was. */
  readonly was: TransitionKind | null
}

/** Channels that the first stage gets from the stem, and those that it has. */
interface Widening {
  readonly narrow: number
  readonly wide: number
}

/**
 * Brings a network of residual blocks into a form, in place: first every skip becomes an identity and every change of shape a node
 * of its own, then the changes are written in the form's way.
 *
 * @throws UserError that says why it cannot have that form.
 */
export function convertResidual(document: NetworkDocument, form: Form): void {
  const network = expand(document)
  const was = formOf(document)
  const { residual, transitions } = survey(document)
  const stem = stemOf(document)
  const first = residual[0]!
  const inner = bottleneckWidth(first.node)
  const isPost = isPostActivation(first.node)
  const firstEntering = unitAt(network, first).entering[2]!

  let widening: Widening | null = null
  const changes: Change[] = []
  for (const place of transitions) {
    const change = changeAt(network, place)
    const isBehindStem = stem !== null && fromStem(network, stem, unitAt(network, place).input)
    if (isBehindStem && change.stride === 1 && change.was !== 'learned') {
      widening = { narrow: change.entering[2]!, wide: change.channels }
      takeOut(change.home, change.node)
    } else changes.push(change)
  }
  for (const place of residual) {
    if (residualParts(place.node)!.skip === 'identity') continue
    const found = straighten(network, place, stem, changes.length)
    widening ??= found.widening
    changes.push(...found.changes)
  }
  if (stem) {
    const { filters, times } = stemWidth(stem)
    if (times > 1) widening = { narrow: filters, wide: filters * times }
    // The paper's stem is as wide as its first stage; the baseline's as the inside of its bottlenecks.
    else if (!widening && was === 'projected' && inner !== null && inner < filters && filters === firstEntering)
      widening = { narrow: inner, wide: filters }
    if (widening) widen(document, stem, widening, form, { isAbsorbed: inner === widening.narrow, isPost })
    setStemUnit(stem, form !== 'learned')
  }
  for (const change of changes) write(change, form, document)
  setPool(document, form)
}

/** @throws UserError for a transition of no known kind. */
function changeAt(network: ExpandedNetwork, place: Place): Change {
  const kind = transitionKind(place.node)
  if (kind === 'none' || (isBlock(place.node) && place.node.repeat !== undefined))
    throw new UserError('this transition is neither a convolution, with norm and activation or bare, nor L2 pooling', {
      place: place.path,
      remedy: 'replace it by one of these',
    })
  refuseCopies(place)
  const { entering, leaving } = unitAt(network, place)
  return {
    node: place.node,
    home: place.homes[place.homes.length - 1]!,
    place: place.path,
    entering,
    channels: leaving[2]!,
    stride: transitionStride(place.node),
    was: kind,
  }
}

function refuseCopies({ isInCopies, path }: Place): void {
  if (isInCopies)
    throw new UserError('it lies in a block that is repeated, and would have to change in one copy only', {
      place: path,
      remedy: 'write the copies out as blocks of their own',
    })
}

function fromStem(network: ExpandedNetwork, stem: Stem, layer: number): boolean {
  const { name } = network.layers[layer]!
  if (stem.isInBlock) return name.startsWith(`${stem.unit.id}.`)
  return [stem.convolution, ...behindConvolution(stem)].some(({ id }) => id === name)
}

/**
 * Makes the skips of a block's copies identities; what changed the shape becomes a node before it, or the widening behind the stem.
 *
 * @param before How many changes of shape come before it.
 */
function straighten(
  network: ExpandedNetwork,
  place: Place<BlockNode>,
  stem: Stem | null,
  before: number,
): { readonly widening: Widening | null; readonly changes: readonly Change[] } {
  const home = place.homes[place.homes.length - 1]!
  const count = place.node.repeat ?? 1
  const shapes = Array.from({ length: count }, (_, copy) => unitAt(network, place, copy))
  const changing = shapes.map(({ entering, leaving }) => entering.some((side, axis) => side !== leaving[axis]))
  const stride = strideOf(place.node)
  if (!changing.includes(true)) {
    makeIdentity(place.node, place.path)
    joinCopies(home, place.node)
    return { widening: null, changes: [] }
  }
  refuseCopies(place)
  const blocks = count > 1 ? partAll(home, place.node) : [place.node]
  for (const copy of blocks) makeIdentity(copy, place.path)
  let widening: Widening | null = null
  const changes: Change[] = []
  blocks.forEach((copy, i) => {
    if (!changing[i]) return
    const { entering, leaving, input } = shapes[i]!
    if (stride === 1 && stem && fromStem(network, stem, input)) {
      widening = { narrow: entering[2]!, wide: leaving[2]! }
      return
    }
    const node = block(`transition${before + changes.length + 1}`, [], { unit: 'transition' })
    const at = putBeforeStage(place.homes, copy, node)
    changes.push({ node, home: at, place: place.path, entering, channels: leaving[2]!, stride, was: null })
  })
  for (const copy of blocks) if (home.list.includes(copy)) joinCopies(home, copy)
  return { widening, changes }
}

/** Puts a node before another, or before the block that the other is the beginning of. @returns Where it lies. */
function putBeforeStage(homes: readonly Home[], node: NetworkNode, added: NetworkNode): Home {
  let behind = node
  let level = homes.length - 1
  for (; level > 0; level--) {
    const { list, owner } = homes[level]!
    const takers = takersOf(list, '$input', true)
    if (!owner || owner.repeat !== undefined || owner.unit !== undefined || takers.length !== 1 || takers[0] !== behind) break
    behind = owner
  }
  const home = homes[level]!
  added.id = freeId(home.list, added.id)
  putBefore(home.list, behind, added, home.owner !== null)
  return home
}

/** Writes the widening behind the stem: into the stem where that is `isAbsorbed`, else into what follows it. */
function widen(
  document: NetworkDocument,
  stem: Stem,
  { narrow, wide }: Widening,
  form: Form,
  { isAbsorbed, isPost }: { isAbsorbed: boolean; isPost: boolean },
): void {
  if (form === 'l2-pooling') setStemWidth(stem, narrow, wholeTimes(narrow, wide, stem.unit.id))
  else setStemWidth(stem, isAbsorbed && form === 'projected' ? wide : narrow, 1)
  if (isAbsorbed && !isPost) (form === 'learned' ? dress : bare)(stem)
  const first = survey(document).residual[0]!
  if (form === 'projected' && !isAbsorbed) {
    const node = block('transition0', bareConvolution(wide, 1), { unit: 'transition' })
    putBeforeStage(first.homes, first.node, node)
  }
  if (form === 'learned') makeShortcut(partFirst(first.homes[first.homes.length - 1]!, first.node), wide, 1, first.path)
}

/** @throws UserError where copies of the channels do not make as many. */
function wholeTimes(entering: number, leaving: number, place: string): number {
  const times = leaving / entering
  if (Number.isInteger(times)) return times
  throw new UserError(`copies of ${entering} channels do not make ${leaving}`, {
    place,
    remedy: `use a multiple of ${entering} channels`,
  })
}

/** Writes one change of shape in the form's way. */
function write(change: Change, form: Form, document: NetworkDocument): void {
  const { node, home, channels, stride, entering, place, was } = change
  if (form === 'projected' && was !== 'projectable') refill(home.list, node, bareConvolution(channels, stride))
  if (form === 'l2-pooling' && was !== 'l2-pooling') {
    const times = wholeTimes(entering[2]!, channels, place)
    if (entering[0]! % stride || entering[1]! % stride)
      throw new UserError(
        `L2 pooling over ${stride}×${stride} needs a grid that ${stride} divides, but gets ${entering[0]}×${entering[1]}`,
        {
          place,
          remedy: 'use images with such a side',
        },
      )
    refill(home.list, node, l2Pooling(stride, times))
  }
  if (form !== 'learned' || was === 'learned') return
  const next = blockBehind(document, node, place)
  const parted = partFirst(next.homes[next.homes.length - 1]!, next.node)
  takeOut(home, node)
  makeShortcut(parted, channels, stride, next.path)
}

/** The residual block that takes what leaves a transition. @throws UserError where something else does. */
function blockBehind(document: NetworkDocument, transition: NetworkNode, place: string): Place<BlockNode> {
  const { residual, transitions } = survey(document)
  const { homes } = transitions.find(({ node }) => node === transition)!
  let level = homes.length - 1
  let takers = takersOf(homes[level]!.list, transition.id, level > 0)
  // A transition may be the end of a stage rather than stand between two.
  for (let last = transition; takers.length === 0 && level > 0; level--) {
    const { owner } = homes[level]!
    if (!owner || owner.repeat !== undefined || owner.unit !== undefined || outputOf(owner) !== last.id) break
    last = owner
    takers = takersOf(homes[level - 1]!.list, owner.id, level > 1)
  }
  let [next, ...more] = takers
  for (;;) {
    const found = residual.find(({ node }) => node === next)
    if (found && more.length === 0) return found
    if (!next || !isBlock(next) || next.unit !== undefined || next.repeat !== undefined || more.length > 0)
      throw new UserError('no residual block follows this transition that could get a shortcut', {
        place,
        remedy: 'put a residual block behind it',
      })
    ;[next, ...more] = takersOf(next.nodes, '$input', true)
  }
}

/** The first version pools by L2 before its dense layer, all others by the mean. */
function setPool({ nodes }: NetworkDocument, form: Form): void {
  const [from, to] = form === 'l2-pooling' ? ['global-average-pool', 'global-l2-pool'] : ['global-l2-pool', 'global-average-pool']
  for (const node of nodes) if (!isBlock(node) && node.kind === from) node.kind = to
}
