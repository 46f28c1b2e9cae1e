import type { NetworkDocument } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'
import type { Edited } from '../designer'
import { idOf, nodesOf, outermost, parentOf } from './tree'
import { rewire, type Wiring } from './wiring'

/**
 * Removes nodes. What took one of them takes what that one took, so that a chain stays a chain; a block that is left without nodes goes
 * too.
 */
export function removeNodes(document: NetworkDocument, paths: readonly string[]): Edited {
  let changed = document
  let selection: string[] = []
  for (const path of outermost(document, paths)) {
    const level = parentOf(path)
    if (level !== '' && nodesOf(changed, level)?.length === 1) {
      const gone = removeNodes(changed, [level])
      changed = gone.document
      selection = [...(gone.selection ?? [])]
      continue
    }
    changed = rewire(changed, level, (wiring) => {
      const { wiring: rest, bridge } = without(wiring, idOf(path))
      const near = bridge?.startsWith('$') === false ? bridge : rest.nodes[0]?.node.id
      selection = near === undefined ? [] : [level === '' ? near : `${level}/${near}`]
      return rest
    })
  }
  return { document: changed, selection }
}

/** @returns what bridges the gap: the reference that those who took the node take now. */
function without(wiring: Wiring, id: string): { wiring: Wiring; bridge: string | undefined } {
  const gone = wiring.nodes.find(({ node }) => node.id === id)!
  // A sum's branch is written last.
  const bridge = gone.inputs[gone.inputs.length - 1]
  const nodes = wiring.nodes
    .filter((wired) => wired !== gone)
    .map((wired) => {
      if (!wired.inputs.includes(id)) return wired
      const others = wired.inputs.filter((reference) => reference !== id)
      const isTwice = bridge !== undefined && others.includes(bridge) && (ops.get(wired.node.kind)?.arity[1] ?? 2) > 1
      const inputs = wired.inputs.flatMap((reference) =>
        reference !== id ? [reference] : bridge === undefined || isTwice ? [] : [bridge],
      )
      return { ...wired, inputs }
    })
  const leaving = wiring.leaving !== id ? wiring.leaving : bridge?.startsWith('$') ? undefined : bridge
  return { wiring: { nodes, leaving }, bridge }
}
