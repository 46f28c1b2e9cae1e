import type { NetworkNode } from '../../../shared/architecture/document'

/** The path of the node that a unit is a copy of: `stage1.block17` → `stage1/block`; null where the document has none any more. */
export function pathOfUnit(nodes: readonly NetworkNode[], name: string): string | null {
  const path: string[] = []
  let level = nodes
  for (const part of name.split('.')) {
    const node = level.find((one) => one.id === part) ?? level.find((one) => isCopy(one, part))
    if (!node) return null
    path.push(node.id)
    level = 'nodes' in node ? node.nodes : []
  }
  return path.join('/')
}

function isCopy(node: NetworkNode, name: string): boolean {
  if (!('nodes' in node) || node.repeat === undefined || !name.startsWith(node.id)) return false
  const number = name.slice(node.id.length)
  const first = node.first ?? 1
  return /^\d+$/.test(number) && Number(number) >= first && Number(number) < first + node.repeat
}
