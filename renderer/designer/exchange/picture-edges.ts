import type { CanvasTokens } from '../../charts/canvas-tokens'
import { xmlText } from './picture-text'
import type { DrawnEdge, Drawing } from '../canvas/drawing'
import { bow, swing } from '../canvas/geometry'

/** A drawn node's place in the whole picture, pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where tensors enter and leave an opened block is a dot. */
export const DOT = 4

/** Places of all nodes, each parent's corner added; entries and exits are as small as their dot. */
export function absoluteBoxes(drawing: Drawing): Map<string, Box> {
  const boxes = new Map<string, Box>()
  for (const { id, role, parent, x, y, width, height } of drawing.nodes) {
    const corner = parent === null ? undefined : boxes.get(parent)
    const box = { x: x + (corner?.x ?? 0), y: y + (corner?.y ?? 0), width, height }
    boxes.set(id, role === 'entry' || role === 'exit' ? dotOf(box) : box)
  }
  return boxes
}

const dotOf = ({ x, y, width, height }: Box): Box => ({
  x: x + width / 2 - DOT,
  y: y + height / 2 - DOT,
  width: 2 * DOT,
  height: 2 * DOT,
})

/** A connection as SVG, and how far right it reaches. */
export interface DrawnWay {
  readonly svg: string
  readonly right: number
}

/** Draws the connections: down the flow, or, around other nodes, as arcs beside it. */
export function drawEdges(drawing: Drawing, boxes: ReadonlyMap<string, Box>, tokens: CanvasTokens): DrawnWay[] {
  // Side by side at the target's top; arcs come from the side and need no place there.
  const flows = new Map<string, DrawnEdge[]>()
  for (const edge of drawing.edges) if (!edge.isSkip) flows.set(edge.target, [...(flows.get(edge.target) ?? []), edge])
  const inOrder = [...drawing.edges].sort((a, b) => Number(a.isSkip) - Number(b.isSkip))
  return inOrder.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)]
    if (!from || !to) return []
    if (edge.isSkip) return [arc(edge, from, to, tokens)]
    const beside = flows.get(edge.target)!.sort((a, b) => a.port - b.port)
    return [down(edge, from, to, { index: beside.indexOf(edge), count: beside.length }, tokens)]
  })
}

/** From the bottom of one to the top of the other, where it is one of several. */
function down(
  { label }: DrawnEdge,
  from: Box,
  to: Box,
  { index, count }: { readonly index: number; readonly count: number },
  tokens: CanvasTokens,
): DrawnWay {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height]
  const spread = Math.min(to.width * 0.5, 24 * (count - 1))
  const x2 = to.x + to.width / 2 + (count > 1 ? (index / (count - 1) - 0.5) * spread : 0)
  const y2 = to.y
  const bend = Math.max(12, (y2 - y1) / 2)
  const isStraight = Math.abs(x1 - x2) < 0.5
  const way = isStraight
    ? `M${n(x1)} ${n(y1)}V${n(y2)}`
    : `M${n(x1)} ${n(y1)}C${n(x1)} ${n(y1 + bend)} ${n(x2)} ${n(y2 - bend)} ${n(x2)} ${n(y2)}`
  // Beside the arrow's head, on the side from which it does not come.
  const words = !label
    ? ''
    : isStraight
      ? text(x1 + 6, (y1 + y2) / 2 + 3, label, tokens)
      : text(x2 + (x1 < x2 ? 7 : -7), y2 - 5, label, tokens, x1 < x2 ? 'start' : 'end')
  return {
    svg: `<path d="${way}" fill="none" stroke="${tokens.ink3}"/>${head(x2, y2, 'down', tokens.ink3)}${words}`,
    right: Math.max(x1, x2) + (label ? 10 + label.length * 6 : 0),
  }
}

/** From the right side of one to the right side of the other, as the canvas swings it. */
function arc({ label }: DrawnEdge, from: Box, to: Box, tokens: CanvasTokens): DrawnWay {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2]
  const [x2, y2] = [to.x + to.width, to.y + to.height / 2]
  const span = Math.abs(y2 - y1)
  const right = Math.max(x1, x2)
  const handle = right + swing(span)
  const way = `M${n(x1)} ${n(y1)}C${n(handle)} ${n(y1)} ${n(handle)} ${n(y2)} ${n(x2)} ${n(y2)}`
  const words = label ? text(right + bow(span) - 5, (y1 + y2) / 2 + 3, label, tokens, 'end') : ''
  return {
    svg: `<path d="${way}" fill="none" stroke="${tokens.accent}" stroke-width="1.4"/>${head(x2, y2, 'left', tokens.accent)}${words}`,
    right: right + bow(span) + 4,
  }
}

function head(x: number, y: number, to: 'down' | 'left', colour: string): string {
  const shape =
    to === 'down'
      ? `M${n(x - 3.5)} ${n(y - 7)}H${n(x + 3.5)}L${n(x)} ${n(y)}Z`
      : `M${n(x + 7)} ${n(y - 3.5)}V${n(y + 3.5)}L${n(x)} ${n(y)}Z`
  return `<path d="${shape}" fill="${colour}"/>`
}

const text = (x: number, y: number, words: string, tokens: CanvasTokens, anchor = 'start'): string =>
  `<text x="${n(x)}" y="${n(y)}" font-size="10" text-anchor="${anchor}" fill="${tokens.ink3}">${xmlText(words)}</text>`

/** A coordinate to a tenth of a pixel. */
const n = (value: number): number => Math.round(value * 10) / 10
