import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import type { BlockView } from '../canvas/drawing'
import { isBlock, join, nodeAt, parentOf } from '../edit'

export type Views = ReadonlyMap<string, BlockView>

/** All blocks of a document with their paths, outer ones first. */
export function blocksOf(document: NetworkDocument): { path: string; block: BlockNode }[] {
  const found: { path: string; block: BlockNode }[] = []
  const walk = (nodes: readonly NetworkNode[], level: string): void => {
    for (const node of nodes) {
      if (!isBlock(node)) continue
      const path = join(level, node.id)
      found.push({ path, block: node })
      walk(node.nodes, path)
    }
  }
  walk(document.nodes, '')
  return found
}

/** The views after an edit: a block that was renamed or moved stays opened; those that are gone are forgotten. */
export function carryViews(views: Views, before: NetworkDocument, after: NetworkDocument): Views {
  const carried = new Map<string, BlockView>()
  const lost: [nodes: unknown, BlockView][] = []
  for (const [path, view] of views) {
    if (isBlock(nodeAt(after, path))) carried.set(path, view)
    else {
      const block = nodeAt(before, path)
      if (isBlock(block)) lost.push([block.nodes, view])
    }
  }
  if (lost.length > 0)
    for (const { path, block } of blocksOf(after)) {
      // Copies that were written out share what is in them: the view goes to the first, and copies are shown of what has some.
      const at = lost.findIndex(([nodes]) => nodes === block.nodes)
      if (at < 0 || carried.has(path)) continue
      const [[, view]] = lost.splice(at, 1) as [(typeof lost)[number]]
      if (view === 'open' || (block.repeat ?? 1) > 1) carried.set(path, view)
    }
  return carried
}

/** What is to be seen of a drawn node: itself, or the folded block that it lies in. */
export function visible(views: Views, id: string): string {
  const path = id.replace(/[>#].*$/, '')
  const levels = path.split('/').map((_, i, ids) => ids.slice(0, i + 1).join('/'))
  const folded = (path === id ? levels.slice(0, -1) : levels).find((level) => views.get(level) !== (id.includes('#') && level === path ? 'copies' : 'open')) // prettier-ignore
  return folded ?? id
}

/** With all that a path lies in opened. */
export function opened(views: Views, path: string): Views {
  const wider = new Map(views)
  for (let level = parentOf(path); level !== ''; level = parentOf(level))
    if (wider.get(level) !== 'open') wider.set(level, 'open')
  return wider
}

/** Every block of the network to be seen: repeated ones copy by copy, those around repeated ones and around units opened. */
export function allBlocks(document: NetworkDocument): Views {
  const blocks = blocksOf(document)
  const repeated = blocks.filter(({ block }) => (block.repeat ?? 1) > 1).map(({ path }) => path)
  const views = new Map<string, BlockView>()
  for (const { path, block } of blocks) {
    // What lies in a repeated block is a part of its copies.
    if (repeated.some((other) => path.startsWith(`${other}/`))) continue
    const isRepeated = (block.repeat ?? 1) > 1
    if (isRepeated) views.set(path, 'copies')
    if (!isRepeated && block.unit !== 'block') continue
    for (let level = parentOf(path); level !== ''; level = parentOf(level)) views.set(level, 'open')
  }
  return views
}
