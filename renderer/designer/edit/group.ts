import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { enteringIndex } from '../../../shared/architecture/level'
import { UserError } from '../../../shared/errors'
import type { Edited } from '../designer'
import { idOf, isBlock, join, levelOf, nodeAt, outermost, parentOf } from './tree'
import { freeId, isDownstream, rewire, type WiredNode, wiringOf } from './wiring'

const reference = (k: number): string => (k === 0 ? '$input' : `$input${k}`)

/**
 * Makes a block of nodes that lie in one block. What they take from outside enters it; one of them leaves it.
 *
 * @throws UserError where two of them are taken from outside, or a way leads out of them and back in.
 */
export function group(document: NetworkDocument, paths: readonly string[], name = 'block'): Edited {
  const chosen = outermost(document, paths)
  if (chosen.length === 0) throw new UserError('nothing is selected', { remedy: 'select the layers that shall be a block' })
  const level = levelOf(chosen)
  const ends = chosen.filter((path) => ['input', 'softmax-cross-entropy'].includes(nodeAt(document, path)!.kind))
  if (ends.length > 0)
    throw new UserError(`${ends.map((path) => `“${idOf(path)}”`).join(' and ')} cannot be in a block`, {
      remedy: 'leave the network’s input and its loss out of the selection',
    })
  const ids = new Set(chosen.map(idOf))
  const wiring = wiringOf(document, level)
  const id = freeId(
    name,
    wiring.nodes.map(({ node }) => node),
  )
  const inner = wiring.nodes.filter(({ node }) => ids.has(node.id))
  const outer = wiring.nodes.filter(({ node }) => !ids.has(node.id))
  const entering = [...new Set(inner.flatMap(({ inputs }) => inputs).filter((source) => !ids.has(source)))]
  const taken = new Set(outer.flatMap(({ inputs }) => inputs).filter((source) => ids.has(source)))
  if (wiring.leaving !== undefined && ids.has(wiring.leaving)) taken.add(wiring.leaving)
  const inside = new Set(inner.flatMap(({ inputs }) => inputs))
  const leavers = taken.size > 0 ? [...taken] : inner.map(({ node }) => node.id).filter((own) => !inside.has(own))
  if (leavers.length > 1)
    throw new UserError(`a block has one output, and ${leavers.map((leaver) => `“${leaver}”`).join(' and ')} would leave it`, {
      remedy: 'select what joins them as well',
    })
  const back = entering.find(
    (source) => enteringIndex(source) === null && [...ids].some((own) => isDownstream(wiring, source, own)),
  )
  if (back !== undefined)
    throw new UserError(`a way leads out of the selection through “${back}” and back in`, { remedy: 'select that node as well' })
  const renamed = inner.map(({ node, inputs, written }): WiredNode => {
    const { at: _, ...rest } = node
    return {
      node: rest as NetworkNode,
      inputs: inputs.map((source) => (ids.has(source) ? source : reference(entering.indexOf(source)))),
      written,
    }
  })
  const leaving = leavers[0] ?? inner[inner.length - 1]!.node.id
  const block: BlockNode = { id, kind: 'block', nodes: inner.map(({ node }) => node) }
  const grouped = rewire(document, level, () => {
    const first = wiring.nodes.findIndex(({ node }) => ids.has(node.id))
    const rest = outer.map((wired): WiredNode => ({
      ...wired,
      inputs: wired.inputs.map((source) => (ids.has(source) ? id : source)),
    }))
    const before = wiring.nodes.slice(0, first).length
    // Behind the last thing that enters it, so that the order can say the connection by itself.
    return {
      nodes: [...rest.slice(0, before), { node: block, inputs: entering, written: false }, ...rest.slice(before)],
      leaving: wiring.leaving !== undefined && ids.has(wiring.leaving) ? id : wiring.leaving,
    }
  })
  const path = join(level, id)
  return { document: rewire(grouped, path, () => ({ nodes: renamed, leaving })), selection: [path] }
}

/**
 * Puts a block's nodes in its place.
 *
 * @throws UserError for a block that is repeated.
 */
export function ungroup(document: NetworkDocument, path: string): Edited {
  const block = nodeAt(document, path)
  if (!isBlock(block)) throw new UserError('that is not a block')
  if ((block.repeat ?? 1) > 1)
    throw new UserError(`“${block.id}” is repeated ×${block.repeat}`, {
      remedy: 'write its copies out first, or set its repeat to 1',
    })
  const level = parentOf(path)
  const around = wiringOf(document, level)
  const { nodes: inner, leaving } = wiringOf(document, path)
  const own = around.nodes.find(({ node }) => node.id === block.id)!
  const others = around.nodes.map(({ node }) => node).filter(({ id }) => id !== block.id)
  const names = new Map<string, string>()
  for (const { node } of inner) {
    const isTaken = others.some(({ id }) => id === node.id)
    const free = freeId(isTaken ? `${block.id}-${node.id}`.slice(0, 64) : node.id, others, ((node as BlockNode).repeat ?? 1) > 1)
    others.push({ ...node, id: free })
    names.set(node.id, free)
  }
  const opened = inner.map(({ node, inputs, written }): WiredNode => {
    const { at: _, ...rest } = node
    return {
      node: { ...rest, id: names.get(node.id)! } as NetworkNode,
      inputs: inputs.flatMap((source) => {
        const k = enteringIndex(source)
        return k === null ? [names.get(source) ?? source] : own.inputs[k] === undefined ? [] : [own.inputs[k]]
      }),
      written: written && inputs.length > 1,
    }
  })
  const out = names.get(leaving ?? '')!
  const changed = rewire(document, level, (wiring) => ({
    nodes: wiring.nodes.flatMap((wired) =>
      wired.node.id === block.id
        ? opened
        : [{ ...wired, inputs: wired.inputs.map((source) => (source === block.id ? out : source)) }],
    ),
    leaving: wiring.leaving === block.id ? out : wiring.leaving,
  }))
  return { document: changed, selection: [...names.values()].map((id) => join(level, id)) }
}

/** Writes a repeated block out as blocks of their own: `block ×3` becomes block1, block2, block3. */
export function writeOut(document: NetworkDocument, path: string): Edited {
  const block = nodeAt(document, path)
  if (!isBlock(block) || (block.repeat ?? 1) < 2) throw new UserError('that is not a repeated block')
  const { repeat = 1, first = 1, at: _, ...rest } = block
  if (repeat > 200)
    throw new UserError(`${repeat} copies are too many to write out`, { remedy: 'show them instead; they are drawn one by one' })
  const level = parentOf(path)
  const ids = Array.from({ length: repeat }, (_unused, i) => `${block.id}${first + i}`)
  const last = ids[ids.length - 1]!
  const changed = rewire(document, level, (wiring) => ({
    nodes: wiring.nodes.flatMap((wired): WiredNode[] =>
      wired.node.id !== block.id
        ? [{ ...wired, inputs: wired.inputs.map((source) => (source === block.id ? last : source)) }]
        : ids.map((id, i) => ({
            node: { ...rest, id },
            inputs: i === 0 ? wired.inputs : [ids[i - 1]!, ...wired.inputs.slice(1)],
            written: false,
          })),
    ),
    leaving: wiring.leaving === block.id ? last : wiring.leaving,
  }))
  return { document: changed, selection: ids.map((id) => join(level, id)) }
}
