import { LIVE_QUANTILES, type SpectraRecord } from '../../../shared/spectra/live'
import { liveQuantiles } from '../../../shared/spectra/live-summaries'
import { type Axis, axisFor } from '../../charts/axis'
import type { CanvasTokens } from '../../theme/canvas-tokens'
import { escape } from '../../charts/xml-text'

/** A layer's spectrum at one look, as a line over the axis of singular values. */
export interface Ridge {
  readonly step: number
  /** Where it stands, pixels from the top. */
  readonly base: number
  /** The line alone, and closed along its base. */
  readonly line: string
  readonly area: string
  readonly isMoment: boolean
}

export interface RidgeDrawing {
  readonly axis: Axis
  readonly ridges: readonly Ridge[]
  /** Pixels of a position on the axis. */
  readonly x: (position: number) => number
  readonly top: number
  readonly bottom: number
}

export const RIDGE = { left: 56, right: 16, top: 8, bottom: 34 }
/** Lines that can still be told apart. */
const MOST = 32
const LEAST_SPACE = 9
const POINTS = 180
/** A line may rise over so many of those behind it. */
const RISE = 2.4

/**
 * Looks that are drawn: all, or so many spread evenly over them, with the first, the last and the moment's.
 *
 * @returns indices into the looks.
 */
export function drawnLooks(count: number, most: number, moment: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i)
  const spread = Array.from({ length: most }, (_, i) => Math.round((i / (most - 1)) * (count - 1)))
  if (moment < 0 || spread.includes(moment)) return spread
  // In place of its nearest neighbour, which is not one of the ends.
  const inner = spread.slice(1, -1)
  const nearest = inner.reduce((best, at) => (Math.abs(at - moment) < Math.abs(best - moment) ? at : best), inner[0]!)
  return spread.map((at) => (at === nearest ? moment : at)).sort((a, b) => a - b)
}

/**
 * Density of singular values at evenly spread points from 0 to `greatest`, from their quantiles: between two of them lies a sixteenth of all,
 * spread evenly, and all is smoothed by a triangle of 2 % of the axis so that equal values have a width. The greatest is 1.
 */
export function density(quantiles: Float32Array, greatest: number): Float64Array {
  const found = new Float64Array(POINTS)
  const width = greatest * 0.02
  for (let i = 0; i + 1 < quantiles.length; i++) {
    const [high, low] = [quantiles[i]!, quantiles[i + 1]!]
    if (!Number.isFinite(high) || !Number.isFinite(low)) continue
    const parts = Math.max(1, Math.ceil((high - low) / (width / 2)))
    for (let part = 0; part < parts; part++) {
      const at = low + ((part + 0.5) / parts) * (high - low)
      const [from, to] = [at - width, at + width].map((value) => (value / greatest) * (POINTS - 1))
      for (let point = Math.max(0, Math.ceil(from!)); point <= Math.min(POINTS - 1, to!); point++) {
        const away = Math.abs((point / (POINTS - 1)) * greatest - at)
        found[point] = found[point]! + Math.max(0, 1 - away / width) / parts
      }
    }
  }
  const most = found.reduce((a, b) => Math.max(a, b), 0)
  return most > 0 ? found.map((value) => value / most) : found
}

/** Where everything lies, for the page and for a file alike. */
export function drawRidges(
  looks: readonly SpectraRecord[],
  layer: number,
  moment: number,
  { width, height }: { readonly width: number; readonly height: number },
): RidgeDrawing {
  const [top, bottom] = [RIDGE.top, height - RIDGE.bottom]
  const wide = Math.max(1, width - RIDGE.left - RIDGE.right)
  const most = Math.max(2, Math.min(MOST, Math.floor((bottom - top) / LEAST_SPACE)))
  const shown = drawnLooks(looks.length, most, moment)
  const largest = shown.reduce((found, at) => Math.max(found, finite(liveQuantiles(looks[at]!.values, layer)[0]!)), 0)
  const axis = axisFor('zero', 0, Math.max(largest, 1e-6), Math.max(2, wide / 90))
  const x = (position: number): number => RIDGE.left + ((position - axis.from) / (axis.to - axis.from)) * wide
  // Room above the first line for its rise.
  const space = (bottom - top) / (shown.length + RISE - 1)
  const greatest = axis.to / (axis.place(1) || 1)
  const ridges = shown.map((at, row): Ridge => {
    const base = top + (row + RISE) * space
    const values = density(liveQuantiles(looks[at]!.values, layer), greatest)
    const points = Array.from(values, (value, i) => {
      const across = RIDGE.left + (i / (POINTS - 1)) * wide
      return `${across.toFixed(1)} ${(base - value * RISE * space * 0.94).toFixed(1)}`
    })
    const line = `M${points.join('L')}`
    const area = `${line}L${RIDGE.left + wide} ${base.toFixed(1)}L${RIDGE.left} ${base.toFixed(1)}Z`
    return { step: looks[at]!.step, base, line, area, isMoment: at === moment }
  })
  return { axis, ridges, x, top, bottom }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0)

/** Lines whose steps are written: as many as there is room for, and the moment's. */
export function labelled(ridges: readonly Ridge[]): readonly Ridge[] {
  const found: Ridge[] = []
  const isFree = ({ base }: Ridge): boolean => found.every((other) => Math.abs(other.base - base) >= 13)
  for (const ridge of [...ridges.filter(({ isMoment }) => isMoment), ridges[ridges.length - 1], ridges[0], ...ridges])
    if (ridge && isFree(ridge)) found.push(ridge)
  return found
}

/** Where the value 1 is, if it is on the axis. */
export function placeOfOne({ axis, x }: RidgeDrawing): number | null {
  const position = axis.place(1)
  return position <= axis.to ? x(position) : null
}

/** The same as SVG for a file. */
export function ridgeSvg(
  drawing: RidgeDrawing,
  tokens: CanvasTokens,
  { width, height }: { width: number; height: number },
): string {
  const { axis, ridges, x, top, bottom } = drawing
  const { ink, ink2, ink3, line, surface, accent, font } = tokens
  const colour = tokens.series[0]!
  const one = placeOfOne(drawing)
  const text = (at: number, y: number, anchor: string, words: string, fill = ink3): string =>
    `<text x="${at}" y="${y}" text-anchor="${anchor}" fill="${fill}">${escape(words)}</text>`
  return [
    `<g font-size="11" font-family="${escape(font)}">`,
    ...axis.ticks.map((tick) => `<path d="M${x(tick)} ${top}V${bottom}" stroke="${line}"/>`),
    one === null ? '' : `<path d="M${one} ${top}V${bottom}" stroke="${ink2}" stroke-dasharray="4 3"/>`,
    ...ridges.flatMap(({ area, line: curve, isMoment }) => [
      `<path d="${area}" fill="${surface}"/><path d="${area}" fill="${isMoment ? accent : colour}" opacity="0.28"/>`,
      `<path d="${curve}" fill="none" stroke="${isMoment ? accent : ink}" stroke-width="${isMoment ? 2 : 1}"/>`,
    ]),
    ...axis.ticks.map((tick) => text(x(tick), bottom + 14, 'middle', axis.label(tick))),
    ...labelled(ridges).map(({ base, step, isMoment }) =>
      text(RIDGE.left - 8, base + 3, 'end', String(step), isMoment ? accent : ink3),
    ),
    text(RIDGE.left + (width - RIDGE.left - RIDGE.right) / 2, height - 4, 'middle', 'singular value', ink2),
    `<text fill="${ink2}" text-anchor="middle" transform="translate(12 ${(top + bottom) / 2}) rotate(-90)">step</text></g>`,
  ].join('')
}

/** Shares of a layer's values that the table of ridges has: the largest, …, the smallest. */
export const TABLE_QUANTILES = [
  { name: 'largest', at: 0 },
  { name: 'upper quarter', at: (LIVE_QUANTILES - 1) / 4 },
  { name: 'median', at: (LIVE_QUANTILES - 1) / 2 },
  { name: 'lower quarter', at: (3 * (LIVE_QUANTILES - 1)) / 4 },
  { name: 'smallest', at: LIVE_QUANTILES - 1 },
] as const
