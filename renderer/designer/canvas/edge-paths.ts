import type { DrawnEdge, DrawnNode, Drawing } from './drawing'
import { bow, swing } from './geometry'

/** A connection as it is drawn, in the drawing's own pixels. */
export interface EdgePath {
  readonly edge: DrawnEdge
  /** SVG path, from source to target. */
  readonly d: string
  /** Where its shape is written: the middle, and on which side of it. */
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' }
  /** The box that it lies in. */
  readonly box: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
}

export type Corners = ReadonlyMap<string, { readonly x: number; readonly y: number }>

/** Left upper corners of all drawn nodes in the drawing's own pixels. */
export function cornersOf(nodes: readonly DrawnNode[], moved: Corners = new Map()): Corners {
  const corners = new Map<string, { x: number; y: number }>()
  for (const { id, parent, x, y } of nodes) {
    const origin = parent === null ? { x: 0, y: 0 } : corners.get(parent)!
    const by = moved.get(id) ?? { x: 0, y: 0 }
    corners.set(id, { x: origin.x + x + by.x, y: origin.y + y + by.y })
  }
  return corners
}

/** Connections from below a node to above the next; skips swing out to the right, the further the more they pass over. */
export function edgePaths({ nodes, edges }: Drawing, corners: Corners = cornersOf(nodes)): EdgePath[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ports = new Map<string, number>()
  for (const { target, isSkip } of edges) if (!isSkip) ports.set(target, (ports.get(target) ?? 0) + 1)
  const seen = new Map<string, number>()
  return edges.map((edge) => {
    const [source, target] = [byId.get(edge.source)!, byId.get(edge.target)!]
    const [from, to] = [corners.get(edge.source)!, corners.get(edge.target)!]
    if (edge.isSkip) {
      const [x1, y1] = [from.x + source.width, from.y + source.height / 2]
      const [x2, y2] = [to.x + target.width, to.y + target.height / 2]
      const span = Math.abs(y2 - y1)
      const out = Math.max(x1, x2) + swing(span)
      const right = Math.max(x1, x2) + bow(span)
      return {
        edge,
        d: `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2} ${y2}`,
        label: { x: (x1 + x2) / 8 + 0.75 * out + 4, y: (y1 + y2) / 2, anchor: 'start' },
        box: { left: Math.min(x1, x2), right, top: Math.min(y1, y2), bottom: Math.max(y1, y2) },
      }
    }
    const place = seen.get(edge.target) ?? 0
    seen.set(edge.target, place + 1)
    const x1 = from.x + source.width / 2
    const y1 = from.y + source.height
    const x2 = to.x + (target.width * (place + 1)) / (ports.get(edge.target)! + 1)
    const y2 = to.y
    const reach = Math.max(12, Math.abs(y2 - y1) / 2)
    return {
      edge,
      d: `M${x1} ${y1}C${x1} ${y1 + reach} ${x2} ${y2 - reach} ${x2} ${y2}`,
      label: { x: (x1 + x2) / 2 + 6, y: (y1 + y2) / 2, anchor: 'start' },
      box: { left: Math.min(x1, x2), right: Math.max(x1, x2), top: Math.min(y1, y2), bottom: Math.max(y1, y2) },
    }
  })
}
