import type { CanvasTokens } from '../theme/canvas-tokens'
import { csvText } from '../../shared/csv'
import type { TableContent } from './table-content'
import type { DrawPlot } from './use-chart-file'
import { escape } from './xml-text'

/** How a legend's entry is drawn. */
export type LegendShape =
  | ('line' | 'dashed' | 'faint' | 'band' | 'bound')
  | ('dot' | 'ring' | 'diamond' | 'square')
  | ('swatch' | 'corner' | 'up' | 'down' | 'cross')

/** An entry of a legend, as the page and a file draw it. */
export interface LegendItem {
  readonly shape: LegendShape
  /** A colour, or one of the page's: `var(--series-1)`. */
  readonly colour?: string
  readonly text: string
}

export interface ChartFile {
  /** Whose chart it is: the run. */
  readonly subject: string
  readonly title: string
  readonly unit: string
  /** The moment that it shows; empty where that is none. */
  readonly moment: string
  readonly legend: readonly LegendItem[]
  readonly plot: DrawPlot
  readonly tokens: CanvasTokens
}

/** What a file is called, inside and out. */
export function fileTitle(subject: string, title: string): string {
  return [subject, title].filter(Boolean).join(' – ')
}

const HEAD = 26
const LEGEND_ROW = 18

/** A chart with its title, unit and legend as one SVG. */
export function composeSvg(
  { subject, title, unit, moment, legend, plot, tokens }: ChartFile,
  width: number,
  height: number,
): string {
  const rows = legendRows(legend, width - 32)
  const top = HEAD + rows.length * LEGEND_ROW + 6
  const font = `font-family="${escape(tokens.font)}"`
  const entries = rows.flatMap((row, index) =>
    row.map(
      ({ item, x }) =>
        `<g transform="translate(${16 + x} ${HEAD + index * LEGEND_ROW + 10})">${mark(item, tokens)}<text x="22" y="4" font-size="11" fill="${tokens.ink2}" ${font}>${escape(item.text)}</text></g>`,
    ),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${top + height}" viewBox="0 0 ${width} ${top + height}">`,
    `<rect width="100%" height="100%" fill="${tokens.surface}"/>`,
    `<text x="16" y="19" font-size="14" font-weight="600" fill="${tokens.ink}" ${font}>${escape(fileTitle(subject, title))}<tspan dx="8" font-weight="400" font-size="12" fill="${tokens.ink3}">${escape([unit, moment].filter(Boolean).join(', '))}</tspan></text>`,
    ...entries,
    `<g transform="translate(0 ${top})">${plot({ width, height, title, unit })}</g>`,
    '</svg>',
  ].join('')
}

/** Entries in rows that fit, by a guess at the width of their words. */
function legendRows(legend: readonly LegendItem[], width: number): { item: LegendItem; x: number }[][] {
  const rows: { item: LegendItem; x: number }[][] = []
  let x = Infinity
  for (const item of legend) {
    const needed = 40 + item.text.length * 6.2
    if (x + needed > width) {
      rows.push([])
      x = 0
    }
    rows[rows.length - 1]!.push({ item, x })
    x += needed
  }
  return rows
}

function mark({ shape, colour }: LegendItem, tokens: CanvasTokens): string {
  const c = plain(colour ?? tokens.ink2, tokens)
  if (shape === 'dot') return `<circle cx="8" cy="0" r="3.5" fill="${c}"/>`
  if (shape === 'ring') return `<circle cx="8" cy="0" r="3.5" fill="none" stroke="${c}" stroke-width="1.5"/>`
  if (shape === 'diamond') return `<path d="M8-4.5 12.5 0 8 4.5 3.5 0Z" fill="${c}"/>`
  if (shape === 'square') return `<rect x="4.5" y="-3.5" width="7" height="7" fill="${c}"/>`
  if (shape === 'band') return `<rect y="-5" width="16" height="10" fill="${c}" opacity="0.28"/>`
  if (shape === 'bound') return `<path d="M0-4H16M0 4H16" stroke="${c}" stroke-dasharray="3 2"/>`
  if (shape === 'swatch') return `<rect x="2" y="-4.5" width="12" height="9" rx="1" fill="${c}"/>`
  if (shape === 'corner') return `<path d="M5-4H13L5 4Z" fill="${c}"/>`
  if (shape === 'up') return `<path d="M8-4 12.5 4H3.5Z" fill="${c}"/>`
  if (shape === 'down') return `<path d="M8 4 12.5-4H3.5Z" fill="${c}"/>`
  if (shape === 'cross') return `<path d="M4.5-3.5 11.5 3.5M11.5-3.5 4.5 3.5" stroke="${c}" stroke-width="2"/>`
  const dash = shape === 'dashed' ? ' stroke-dasharray="5 3"' : ''
  return `<line x2="16" stroke="${c}" stroke-width="2"${dash}${shape === 'faint' ? ' opacity="0.35"' : ''}/>`
}

/** A colour without the page's variables. */
function plain(colour: string, tokens: CanvasTokens): string {
  const series = /^var\(--series-(\d)\)$/.exec(colour)
  if (series) return tokens.series[Number(series[1]) - 1] ?? tokens.ink
  const known: Readonly<Record<string, string>> = {
    'var(--accent)': tokens.accent,
    'var(--state-failed)': tokens.failed,
    'var(--ratio-under)': tokens.under,
    'var(--ratio-over)': tokens.over,
    'var(--ratio-not-finite)': tokens.notFinite,
    'var(--ratio-missing)': tokens.missing,
  }
  return known[colour] ?? (colour.startsWith('var(') ? tokens.ink2 : colour)
}

/** A table's rows as CSV; the first lines tell title and unit as comments. */
export function composeCsv(title: string, unit: string, { columns, rows, note }: TableContent): string {
  const comments = [`${title}${unit ? `, ${unit}` : ''}`, ...(note ? [note] : [])]
  return csvText({ comments, columns: columns.map(({ name }) => name), rows })
}
