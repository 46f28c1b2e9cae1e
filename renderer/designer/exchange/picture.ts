import { greatest, least } from '../../../shared/extent'
import type { NetworkCheck } from '../../../shared/architecture/check'
import type { BlockNode } from '../../../shared/architecture/document'
import type { CanvasTokens } from '../../theme/canvas-tokens'
import { ratioColour, ratioPosition, type RatioRange } from '../../charts/ratio-scale'
import { formatLarge, formatRatio } from '../../ui/format'
import type { DrawnNode, Drawing } from '../canvas/drawing'
import { HEAD } from '../canvas/geometry'
import { nodeDetail, nodeTitle } from '../canvas/labels'
import { absoluteBoxes, type Box, DOT, drawEdges } from './picture-edges'
import { LEGEND_HEIGHT, legendWidth, OUTSIDE, ratioLegend, ratiosOf } from './picture-ratios'
import { fitted, xmlText } from './picture-text'

export interface PictureOptions {
  /** On white paper those of the light theme. */
  readonly tokens: CanvasTokens
  readonly title: string
  /** Ratios by unit name (`stage1.block17`), drawn on the blocks with a legend. */
  readonly ratios?: ReadonlyMap<string, number>
  readonly range?: RatioRange
  /** Which weights the ratios are of: `at initialisation, plain`. */
  readonly caption?: string
  readonly background?: 'white' | 'theme'
}

/** An SVG, and its size in pixels. */
export interface Picture {
  readonly svg: string
  readonly width: number
  readonly height: number
}

const MARGIN = 24
const ABOVE = 56

/** A network as a vector picture for a paper: boxes, ways, shapes, skips as arcs, transitions marked; text as text. */
export function networkSvg(drawing: Drawing, check: NetworkCheck, options: PictureOptions): Picture {
  const { tokens, title, ratios, range = 10, caption = '', background = 'white' } = options
  const boxes = absoluteBoxes(drawing)
  const ways = drawEdges(drawing, boxes, tokens)
  const nodes = drawing.nodes.map((node) => drawNode(node, boxes.get(node.id)!, check, options, range))
  const hasTransitions = drawing.nodes.some(({ node, role }) => node.unit === 'transition' && role !== 'entry' && role !== 'exit')
  const hasLegend = (ratios?.size ?? 0) > 0
  const heading = totals(check)
  const left = Math.min(0, ...ways.map((way) => way.left), ...[...boxes.values()].map(({ x }) => x))
  const top = Math.min(0, ...[...boxes.values()].map(({ y }) => y))
  const right = Math.max(
    drawing.width,
    ...ways.map((way) => way.right),
    ...[...boxes.values()].map((box) => box.x + box.width + 8),
  )
  const bottom = Math.max(drawing.height, ...[...boxes.values()].map((box) => box.y + box.height + 8))
  const needed = Math.max(
    title.length * 9,
    heading.length * 6.2 + (hasTransitions ? 90 : 0),
    hasLegend ? legendWidth(caption) : 0,
  )
  const width = Math.ceil(Math.max(right - left, needed) + 2 * MARGIN)
  const above = ABOVE + (hasLegend ? LEGEND_HEIGHT : 0)
  const height = Math.ceil(bottom - top + above + 2 * MARGIN)
  const dx = MARGIN - left + Math.max(0, (width - 2 * MARGIN - (right - left)) / 2)
  const dy = MARGIN - top + above
  const mark = hasTransitions
    ? `${diamond(MARGIN + 6, 62, tokens)}<text x="${MARGIN + 16}" y="66" font-size="11" fill="${tokens.ink2}">transition</text>`
    : ''
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xmlText(tokens.font)}">`,
    `<title>${xmlText(title)}</title>`,
    `<rect width="100%" height="100%" fill="${background === 'white' ? '#ffffff' : tokens.surface}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 6}" font-size="16" font-weight="600" fill="${tokens.ink}">${xmlText(title)}</text>`,
    `<text x="${MARGIN}" y="${MARGIN + 24}" font-size="11" fill="${tokens.ink2}">${xmlText(heading)}</text>`,
    mark,
    hasLegend ? ratioLegend(MARGIN, ABOVE + (hasTransitions ? 20 : 6), range, caption, tokens) : '',
    `<g transform="translate(${Math.round(dx)} ${Math.round(dy)})">`,
    ...nodes.map(({ behind }) => behind),
    ...ways.map((way) => way.svg),
    ...nodes.map(({ front }) => front),
    '</g></svg>',
  ].join('')
  return { svg, width, height }
}

const totals = ({ parameters, depth, flops, layers }: NetworkCheck): string =>
  [
    `${formatLarge(parameters)} parameters`,
    ...(depth === null ? [] : [`depth ${depth}`]),
    `${layers} layers`,
    `${formatLarge(flops)} FLOPs an image`,
  ].join(' · ')

/** A node's frame lies behind the ways, its words before them. */
interface DrawnParts {
  readonly behind: string
  readonly front: string
}

function drawNode(drawn: DrawnNode, box: Box, check: NetworkCheck, options: PictureOptions, range: RatioRange): DrawnParts {
  const { tokens } = options
  const { role, node } = drawn
  const { x, y, width, height } = box
  if (role === 'entry' || role === 'exit') {
    return { behind: '', front: `<circle cx="${x + DOT}" cy="${y + DOT}" r="${DOT}" fill="${tokens.ink3}"/>` }
  }
  const isTransition = node.unit === 'transition' && role !== 'copy'
  const sign = isTransition ? diamond(x, y + (role === 'open' || role === 'copies' ? 14 : height / 2), tokens) : ''
  const detail = nodeDetail(node) || (role === 'block' ? contents(drawn, check) : '')
  const measured = options.ratios ? ratiosOf(drawn, check, options.ratios) : []
  if (role === 'open' || role === 'copies') {
    const words = [nodeTitle(node), detail, ratioWords(measured, range)].filter(Boolean).join('  ')
    const head = { x: x + 8, y, width: width - 16, height: HEAD }
    return {
      behind: rect(box, tokens.sunken, tokens.lineStrong, 8),
      front: `${sign}<text x="${x + 12}" y="${y + 18}" font-size="12" font-weight="600" fill="${tokens.ink2}">${xmlText(fitted(words, width - 24, 12))}</text>${role === 'open' ? strip(head, measured, range, tokens) : ''}`,
    }
  }
  const stack = role === 'block' && ((node as BlockNode).repeat ?? 1) > 1
  const behind = [
    ...(stack ? [6, 3].map((by) => rect({ ...box, x: x + by, y: y + by }, tokens.surface, tokens.lineStrong, 6)) : []),
    rect(box, tokens.surface, role === 'block' ? tokens.ink3 : tokens.lineStrong, 6),
  ].join('')
  const title = role === 'copy' ? (drawn.name ?? node.id) : nodeTitle(node)
  // A copy's cell has room for its name alone; its colour and the legend say the rest.
  const said = role === 'copy' ? '' : [detail, ratioWords(measured, range)].filter(Boolean).join('  ')
  return {
    behind,
    front: sign + words(box, title, said, measured.length > 0 ? 3 : 0, tokens) + strip(box, measured, range, tokens),
  }
}

/** Title and detail, centred; on one line where the box is low. */
function words({ x, y, width, height }: Box, title: string, detail: string, lift: number, tokens: CanvasTokens): string {
  const line = (dy: number, size: number, text: string, colour: string, weight = 400): string =>
    `<text x="${x + width / 2}" y="${y + height / 2 + dy - lift}" font-size="${size}" font-weight="${weight}" text-anchor="middle" fill="${colour}">${xmlText(fitted(text, width - 12, size))}</text>`
  if (!detail) return line(4, 12, title, tokens.ink, 600)
  if (height < 34) return line(4, 11, `${title}  ${detail}`, tokens.ink)
  return line(-2, 12, title, tokens.ink, 600) + line(13, 11, detail, tokens.ink2)
}

/** The ratios of all copies as a strip along the box's lower edge, in forward order. */
function strip({ x, y, width, height }: Box, ratios: readonly number[], range: RatioRange, tokens: CanvasTokens): string {
  if (ratios.length === 0) return ''
  const step = (width - 8) / ratios.length
  const cells = ratios.map(
    (ratio, i) =>
      `<rect x="${(x + 4 + i * step).toFixed(2)}" y="${y + height - 8}" width="${(step + 0.05).toFixed(2)}" height="5" fill="${ratioColour(ratio, range, tokens.ratios)}"/>`,
  )
  return `${cells.join('')}<rect x="${x + 4}" y="${y + height - 8}" width="${width - 8}" height="5" fill="none" stroke="${tokens.lineStrong}" stroke-width="0.5"/>`
}

/** What a folded block holds: `18 blocks`, or, without any, `3 nodes`. */
function contents({ path, node }: DrawnNode, { units }: NetworkCheck): string {
  const blocks = units
    .filter((unit) => unit.kind === 'block' && unit.path.startsWith(`${path}/`))
    .reduce((sum, unit) => sum + unit.copies, 0)
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
  return blocks > 0 ? count(blocks, 'block') : count((node as BlockNode).nodes.length, 'node')
}

/** The least and the greatest of a node's ratios; with the sign of what lies outside of the range. */
function ratioWords(ratios: readonly number[], range: RatioRange): string {
  if (ratios.length === 0) return ''
  const said = (ratio: number): string => {
    const position = ratioPosition(ratio, range)
    const [before, behind] = [position < -1 ? `${OUTSIDE.under}\u202f` : '', position > 1 ? `\u202f${OUTSIDE.over}` : '']
    return before + formatRatio(ratio) + behind
  }
  const [low, high] = [least(ratios), greatest(ratios)].map(said)
  return low === high ? `r ${low}` : `r ${low}–${high}`
}

const rect = ({ x, y, width, height }: Box, fill: string, stroke: string, radius: number): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"/>`

const diamond = (x: number, y: number, tokens: CanvasTokens): string =>
  `<path d="M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z" fill="${tokens.surface}" stroke="${tokens.ink2}" stroke-width="1.3"/>`

/** Sides and pixels that a browser's canvas can hold for sure. */
const MOST_SIDE = 16_000
const MOST_PIXELS = 64e6

/**
 * The size at which a picture is drawn as PNG, twice as fine: its own, or smaller where an image could not hold it.
 *
 * @returns `scale` 1 where nothing had to be scaled down.
 */
export function pngSize({ width, height }: { readonly width: number; readonly height: number }) {
  const scale = Math.min(1, MOST_SIDE / 2 / Math.max(width, height), Math.sqrt(MOST_PIXELS / 4 / (width * height)))
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)), scale }
}
