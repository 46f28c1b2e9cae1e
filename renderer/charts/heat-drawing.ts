import type { Unit } from '../../shared/records'
import type { CanvasTokens } from '../theme/canvas-tokens'
import { isPartial, paintHeat, type HeatRow, type HeatValue } from './heat-image'
import { blockX, PLOT_LEFT, plotWidth, tickStep, type BlockView } from './plot-frame'
import { plainNumber } from '../ui/format'
import { ratioColour, type RatioRange } from './ratio-scale'
import { stagesOf } from './stages'
import { escape } from './xml-text'

/** Room above and below a heat map's cells, CSS pixels. */
export const HEAT_TOP = 4
export const HEAT_BOTTOM = 22

export interface HeatInput {
  readonly units: readonly Unit[]
  readonly rows: readonly (HeatRow & { readonly label: number })[]
  readonly rowName: string
  /** `block` and `ratio` unless told. */
  readonly columnName?: string
  readonly valueName?: string
  readonly range: RatioRange
  readonly value: HeatValue
  readonly view: BlockView
  /** Rows in view, as indices; those beyond `rows` stay empty. */
  readonly rowView: BlockView
  readonly tokens: CanvasTokens
  readonly width: number
  readonly height: number
}

const plotHeight = ({ height }: HeatInput): number => Math.max(1, height - HEAT_TOP - HEAT_BOTTOM)
const rowsInView = ({ rowView }: HeatInput): number => rowView.to - rowView.from + 1

/** The cells alone, a pixel each where there is room. */
export function heatCanvas(input: HeatInput, density: number): HTMLCanvasElement {
  const { view, rowView, rows, range, value, tokens, width } = input
  const image = document.createElement('canvas')
  image.width = Math.max(1, Math.min(view.to - view.from + 1, Math.round(plotWidth(width) * density)))
  image.height = Math.max(1, Math.min(rowsInView(input), Math.round(plotHeight(input) * density)))
  const context = image.getContext('2d')
  if (!context) return image
  const data = context.createImageData(image.width, image.height)
  const pixels = new Uint32Array(data.data.buffer)
  const shown = rows.slice(rowView.from, rowView.to + 1)
  paintHeat(pixels, image.width, image.height, shown, value, view.from, view.to, rowsInView(input), range, tokens.ratios)
  context.putImageData(data, 0, 0)
  return image
}

interface Label {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly align: 'right' | 'center'
}

/** Where stages meet, and the labels of both axes. */
function axesOf(input: HeatInput): { edges: { x: number; full: boolean }[]; labels: Label[] } {
  const { units, view, rowView, rows, width, height } = input
  const perBlock = plotWidth(width) / (view.to - view.from + 1)
  const edges = stagesOf(units)
    .flatMap((stage) => [stage.from, stage.to + 1])
    .filter((edge) => edge > view.from && edge <= view.to)
    // A line between stages would hide a transition that is no wider than itself: ticks at the edges then.
    .map((edge) => ({ x: blockX(edge, view, width) - perBlock / 2 - 0.5, full: perBlock >= 4 }))
  const labels: Label[] = []
  const every = tickStep(rowsInView(input), plotHeight(input) / 34)
  const first = rows[0]?.label ?? 1
  // Where not every step was measured, labels stand at every so many rows; else at round numbers.
  const isDense = rows.length === 0 || rows[rows.length - 1]!.label - first === rows.length - 1
  for (let index = rowView.from; index <= rowView.to; index++) {
    const label = rows[index]?.label ?? (isDense ? first + index : null)
    if (label === null) continue
    if ((isDense ? label : index) % every !== 0 && !(index === 0 && every <= 2)) continue
    const y = HEAT_TOP + ((index - rowView.from + 0.5) / rowsInView(input)) * plotHeight(input)
    labels.push({ x: PLOT_LEFT - 8, y, text: String(label), align: 'right' })
  }
  const step = tickStep(view.to - view.from + 1, plotWidth(width) / 70)
  for (let block = view.from; block <= view.to; block++)
    if ((block + 1) % step === 0)
      labels.push({ x: blockX(block, view, width), y: height - 9, text: String(block + 1), align: 'center' })
  return { edges, labels }
}

/** Corners, pixels from the frame's left and top, that mark cells which have a number though some of their steps had none. */
function partialMarks(input: HeatInput): { x: number; y: number; size: number }[] {
  const { rows, view, rowView, width } = input
  const [wide, high] = [plotWidth(width) / (view.to - view.from + 1), plotHeight(input) / rowsInView(input)]
  const size = Math.max(2, Math.min(8, wide / 2, high / 2))
  const marks: { x: number; y: number; size: number }[] = []
  // Where cells are smaller than a mark, one stands for its neighbours.
  const taken = new Set<number>()
  for (let r = rowView.from; r <= rowView.to && r < rows.length; r++)
    for (let unit = view.from; unit <= view.to; unit++) {
      if (!isPartial(rows[r]!, unit)) continue
      const [x, y] = [PLOT_LEFT + (unit - view.from) * wide, HEAT_TOP + (r - rowView.from) * high]
      const place = Math.floor(x / size) * 65536 + Math.floor(y / size)
      if (taken.has(place)) continue
      taken.add(place)
      marks.push({ x, y, size })
    }
  return marks
}

export function paintAxes(context: CanvasRenderingContext2D, input: HeatInput): void {
  const { ink, ink3, surface, font, lineStrong, notFinite } = input.tokens
  context.fillStyle = notFinite
  for (const { x, y, size } of partialMarks(input)) {
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(x + size, y)
    context.lineTo(x, y + size)
    context.fill()
  }
  const { edges, labels } = axesOf(input)
  const high = plotHeight(input)
  for (const { x, full } of edges) {
    context.fillStyle = full ? surface : ink
    if (full) context.fillRect(x, HEAT_TOP, 1, high)
    else for (const y of [HEAT_TOP, HEAT_TOP + high - 5]) context.fillRect(x, y, 1, 5)
  }
  context.strokeStyle = lineStrong
  context.lineWidth = 1
  context.strokeRect(PLOT_LEFT - 0.5, HEAT_TOP - 0.5, plotWidth(input.width) + 1, high + 1)
  context.fillStyle = ink3
  context.font = `11px ${font}`
  context.textBaseline = 'middle'
  for (const { x, y, text, align } of labels) {
    context.textAlign = align
    context.fillText(text, x, y)
  }
  context.save()
  context.translate(14, HEAT_TOP + high / 2)
  context.rotate(-Math.PI / 2)
  context.textAlign = 'center'
  context.fillText(input.rowName, 0, 0)
  context.restore()
}

/** Room for the name of the horizontal axis in a file. */
const NAME_ROOM = 18

/** The same as SVG, with both axes named and the colours' meaning; the cells are an image in it. `marked` is the index of the moment's row. */
export function heatSvg(paper: HeatInput, marked: number): string {
  const input = { ...paper, height: paper.height - NAME_ROOM }
  const { ink, ink2, ink3, surface, font, lineStrong, notFinite } = input.tokens
  const { edges, labels } = axesOf(input)
  const high = plotHeight(input)
  const wide = plotWidth(input.width)
  const lines = edges.flatMap(({ x, full }) =>
    (full ? [[HEAT_TOP, high]] : [HEAT_TOP, HEAT_TOP + high - 5].map((y) => [y, 5])).map(
      ([y, length]) => `<rect x="${x}" y="${y}" width="1" height="${length}" fill="${full ? surface : ink}"/>`,
    ),
  )
  const words = labels.map(
    ({ x, y, text, align }) => `<text x="${x}" y="${y + 4}" text-anchor="${align === 'right' ? 'end' : 'middle'}">${text}</text>`,
  )
  return [
    `<image x="${PLOT_LEFT}" y="${HEAT_TOP}" width="${wide}" height="${high}" preserveAspectRatio="none" image-rendering="pixelated" href="${heatCanvas(input, 1).toDataURL()}"/>`,
    `<rect x="${PLOT_LEFT - 0.5}" y="${HEAT_TOP - 0.5}" width="${wide + 1}" height="${high + 1}" fill="none" stroke="${lineStrong}"/>`,
    ...partialMarks(input).map(({ x, y, size }) => `<path d="M${x} ${y}h${size}L${x} ${y + size}Z" fill="${notFinite}"/>`),
    ...lines,
    markLine(input, marked),
    scaleSvg(input, PLOT_LEFT + wide, paper.height - 6),
    `<g font-size="11" fill="${ink3}" font-family="${escape(font)}">${words.join('')}`,
    `<text fill="${ink2}" transform="translate(14 ${HEAT_TOP + high / 2}) rotate(-90)" text-anchor="middle">${input.rowName}</text>`,
    `<text fill="${ink2}" x="${PLOT_LEFT + wide / 2}" y="${paper.height - 6}" text-anchor="middle">${input.columnName ?? 'block'}</text></g>`,
  ].join('')
}

function markLine(input: HeatInput, row: number): string {
  const { rowView, tokens, width } = input
  if (row < rowView.from || row > rowView.to) return ''
  const y = HEAT_TOP + ((row - rowView.from + 0.5) / rowsInView(input)) * plotHeight(input)
  return `<rect x="${PLOT_LEFT}" y="${y}" width="${plotWidth(width)}" height="1" fill="${tokens.accent}"/>`
}

/** Cells of the scale, and the width of each, pixels. */
const SCALE = { cells: 41, width: 3 }

/** The scale of colours with its ends, its right end at `right`. */
function scaleSvg({ range, tokens, valueName = 'ratio' }: HeatInput, right: number, baseline: number): string {
  const { cells, width } = SCALE
  const end = plainNumber(range)
  const from = right - end.length * 6.5 - 6 - cells * width
  const colours = Array.from({ length: cells }, (_, i) => {
    const ratio = range ** ((2 * i) / (cells - 1) - 1)
    return `<rect x="${from + i * width}" y="${baseline - 9}" width="${width + 0.3}" height="10" fill="${ratioColour(ratio, range, tokens.ratios)}"/>`
  })
  const words = (x: number, anchor: string, text: string): string =>
    `<text x="${x}" y="${baseline}" text-anchor="${anchor}" font-size="11" fill="${tokens.ink2}" font-family="${escape(tokens.font)}">${text}</text>`
  return [...colours, words(from - 6, 'end', `${valueName} ${plainNumber(1 / range)}`), words(right, 'end', end)].join('')
}
