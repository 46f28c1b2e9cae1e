import type { CanvasTokens } from '../../theme/canvas-tokens'
import { type Area, labelArea, LABEL_SIZE, labelPlaces, type LabelPlace } from './label-places'
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

/** A connection as SVG, and how far left and right it reaches. */
export interface DrawnWay {
  readonly svg: string
  readonly left: number
  readonly right: number
}

/** A connection with the places that its label may have, best first. */
interface Way {
  readonly line: string
  readonly left: number
  readonly right: number
  readonly label: string
  readonly places: readonly LabelPlace[]
  /** What it covers, as small areas along its line. */
  readonly covers: readonly Area[]
  /** Its label has less choice than those of others. */
  readonly isStraight: boolean
}

/** Draws the connections: down the flow, or, around other nodes, as arcs beside it. */
export function drawEdges(drawing: Drawing, boxes: ReadonlyMap<string, Box>, tokens: CanvasTokens): DrawnWay[] {
  // Side by side at the target's top; arcs come from the side and need no place there.
  const flows = new Map<string, DrawnEdge[]>()
  for (const edge of drawing.edges) if (!edge.isSkip) flows.set(edge.target, [...(flows.get(edge.target) ?? []), edge])
  const inOrder = [...drawing.edges].sort((a, b) => Number(a.isSkip) - Number(b.isSkip))
  const ways = inOrder.flatMap((edge): Way[] => {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)]
    if (!from || !to) return []
    if (edge.isSkip) return [arc(edge, from, to, tokens)]
    const beside = flows.get(edge.target)!.sort((a, b) => a.port - b.port)
    return [down(edge, from, to, { index: beside.indexOf(edge), count: beside.length }, tokens)]
  })
  const closed = drawing.nodes.filter(({ role }) => role !== 'open' && role !== 'copies')
  const placeLabel = labelPlaces([...closed.flatMap(({ id }) => boxes.get(id) ?? []), ...ways.flatMap(({ covers }) => covers)])
  const places = new Map<Way, LabelPlace>()
  for (const way of [...ways].sort((a, b) => Number(b.isStraight) - Number(a.isStraight)))
    if (way.label) places.set(way, placeLabel(way.label, way.places))
  return ways.map((way) => withLabel(way, places.get(way), tokens))
}

function withLabel({ line, left, right, label }: Way, place: LabelPlace | undefined, tokens: CanvasTokens): DrawnWay {
  if (!place) return { svg: line, left, right }
  const { x, width } = labelArea(place, label)
  return { svg: line + text(place, label, tokens), left: Math.min(left, x - 4), right: Math.max(right, x + width + 4) }
}

/** From the bottom of one to the top of the other, where it is one of several. */
function down(
  { label }: DrawnEdge,
  from: Box,
  to: Box,
  { index, count }: { readonly index: number; readonly count: number },
  tokens: CanvasTokens,
): Way {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height]
  const spread = Math.min(to.width * 0.5, 24 * (count - 1))
  const x2 = to.x + to.width / 2 + (count > 1 ? (index / (count - 1) - 0.5) * spread : 0)
  const y2 = to.y
  const bend = Math.max(12, (y2 - y1) / 2)
  const isStraight = Math.abs(x1 - x2) < 0.5
  const way = isStraight
    ? `M${n(x1)} ${n(y1)}V${n(y2)}`
    : `M${n(x1)} ${n(y1)}C${n(x1)} ${n(y1 + bend)} ${n(x2)} ${n(y2 - bend)} ${n(x2)} ${n(y2)}`
  return {
    line: `<path d="${way}" fill="none" stroke="${tokens.ink3}"/>${head(x2, y2, 'down', tokens.ink3)}`,
    left: Math.min(x1, x2) - 4,
    right: Math.max(x1, x2) + 4,
    label,
    places: isStraight
      ? besideLine(x1, (y1 + y2) / 2)
      : [0.5, 0.65, 0.35, 0.8, 0.2].flatMap((t) => besideCurve(x1, y1, x2, y2, bend, t)),
    covers: isStraight
      ? [{ x: x1 - 0.5, y: y1, width: 1, height: Math.max(0, y2 - y1) }]
      : alongCurve([x1, x1, x2, x2], [y1, y1 + bend, y2 - bend, y2]),
    isStraight,
  }
}

const besideLine = (x: number, y: number): LabelPlace[] => [
  { x: x + 6, y: y + 3, anchor: 'start' },
  { x: x - 6, y: y + 3, anchor: 'end' },
]

/** At a part of its way: below the curve on the side from which it comes, or above it on the side to which it goes. */
function besideCurve(x1: number, y1: number, x2: number, y2: number, bend: number, t: number): LabelPlace[] {
  const x = x1 + (x2 - x1) * (3 * t * t - 2 * t ** 3)
  const y = cubic(y1, y1 + bend, y2 - bend, y2, t)
  const isRight = x1 < x2
  return [
    { x: x + (isRight ? -5 : 5), y: y + 9, anchor: isRight ? 'end' : 'start' },
    { x: x + (isRight ? 5 : -5), y: y - 2, anchor: isRight ? 'start' : 'end' },
  ]
}

type Four = readonly [number, number, number, number]

/** Points along a curve, as near to each other as a label is high. */
function alongCurve(xs: Four, ys: Four): Area[] {
  const steps = Math.ceil((Math.abs(xs[3] - xs[0]) + Math.abs(ys[3] - ys[0])) / LABEL_SIZE) + 4
  return Array.from({ length: steps + 1 }, (_, i) => {
    return { x: cubic(...xs, i / steps) - 0.5, y: cubic(...ys, i / steps) - 0.5, width: 1, height: 1 }
  })
}

/** A cubic Bézier curve's coordinate at t, 0–1. */
const cubic = (a: number, b: number, c: number, d: number, t: number): number =>
  a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t ** 3

/** From the right side of one to the right side of the other, as the canvas swings it. */
function arc({ label }: DrawnEdge, from: Box, to: Box, tokens: CanvasTokens): Way {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2]
  const [x2, y2] = [to.x + to.width, to.y + to.height / 2]
  const span = Math.abs(y2 - y1)
  const right = Math.max(x1, x2)
  const handle = right + swing(span)
  const way = `M${n(x1)} ${n(y1)}C${n(handle)} ${n(y1)} ${n(handle)} ${n(y2)} ${n(x2)} ${n(y2)}`
  return {
    line: `<path d="${way}" fill="none" stroke="${tokens.accent}" stroke-width="1.4"/>${head(x2, y2, 'left', tokens.accent)}`,
    left: Math.min(x1, x2),
    right: right + bow(span) + 4,
    label,
    // Between the arc and the flow, if need be lower, where it is wider, or higher; else beside the arc.
    places: ([-8, 8] as const).flatMap((aside) =>
      [0.5, 0.55, 0.6, 0.65, 0.45, 0.4, 0.35].map((t): LabelPlace => {
        const [x, y] = [cubic(x1, handle, handle, x2, t), cubic(y1, y1, y2, y2, t)]
        return { x: x + aside, y: y + 3, anchor: aside < 0 ? 'end' : 'start' }
      }),
    ),
    covers: alongCurve([x1, handle, handle, x2], [y1, y1, y2, y2]),
    isStraight: false,
  }
}

function head(x: number, y: number, to: 'down' | 'left', colour: string): string {
  const shape =
    to === 'down'
      ? `M${n(x - 3.5)} ${n(y - 7)}H${n(x + 3.5)}L${n(x)} ${n(y)}Z`
      : `M${n(x + 7)} ${n(y - 3.5)}V${n(y + 3.5)}L${n(x)} ${n(y)}Z`
  return `<path d="${shape}" fill="${colour}"/>`
}

const text = ({ x, y, anchor }: LabelPlace, words: string, tokens: CanvasTokens): string =>
  `<text x="${n(x)}" y="${n(y)}" font-size="${LABEL_SIZE}" text-anchor="${anchor}" fill="${tokens.ink3}">${xmlText(words)}</text>`

/** A coordinate to a tenth of a pixel. */
const n = (value: number): number => Math.round(value * 10) / 10
