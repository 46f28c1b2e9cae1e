import type { Drawing, DrawnNode } from '../canvas/drawing'
import type { Corners } from '../canvas/edge-paths'

export type Direction = 'up' | 'down' | 'left' | 'right'

/** The drawn node that an arrow key goes to: along the connections up and down, to what stands beside it left and right. */
export function neighbourOf({ nodes, edges }: Drawing, corners: Corners, id: string, direction: Direction): string | null {
  const from = nodes.find((node) => node.id === id)
  if (!from) return null
  if (direction === 'down' || direction === 'up') {
    const found = edges
      .filter(({ source, target }) => (direction === 'down' ? source : target) === id)
      .sort((a, b) => Number(a.isSkip) - Number(b.isSkip) || (direction === 'down' ? 0 : b.port - a.port))[0]
    return found ? (direction === 'down' ? found.target : found.source) : nearest(nodes, corners, from, direction)
  }
  return nearest(nodes, corners, from, direction)
}

/** The nearest in that direction of those that lie in the same block. */
function nearest(nodes: readonly DrawnNode[], corners: Corners, from: DrawnNode, direction: Direction): string | null {
  const middle = ({ id, width, height }: DrawnNode): [number, number] => {
    const { x, y } = corners.get(id)!
    return [x + width / 2, y + height / 2]
  }
  const [x, y] = middle(from)
  let best: { id: string; distance: number } | null = null
  for (const node of nodes) {
    if (node.parent !== from.parent || node.id === from.id || node.role === 'copy') continue
    const [dx, dy] = [middle(node)[0] - x, middle(node)[1] - y]
    const [along, across] = direction === 'left' ? [-dx, dy] : direction === 'right' ? [dx, dy] : direction === 'up' ? [-dy, dx] : [dy, dx] // prettier-ignore
    if (along < 8 || Math.abs(across) > along * 2) continue
    const distance = along + 2 * Math.abs(across)
    if (!best || distance < best.distance) best = { id: node.id, distance }
  }
  return best?.id ?? null
}

/** Where the arrow keys begin: the first node at the top. */
export function firstOf({ nodes }: Drawing): string | null {
  return nodes.filter(({ parent }) => parent === null).sort((a, b) => a.y - b.y || a.x - b.x)[0]?.id ?? null
}
