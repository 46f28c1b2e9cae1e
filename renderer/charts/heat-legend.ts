import { plainNumber } from '../ui/format'
import type { LegendItem } from './chart-file'
import { cellIndex, isPartial, type HeatRow, type HeatValue } from './heat-image'
import { NOT_MEASURED } from '../theme/ratio-colours'
import { ratioIndex, type RatioRange } from './ratio-scale'

/** What a heat map's colours and marks beside its scale stand for: those that its cells have. */
export function heatLegend(rows: readonly HeatRow[], units: number, value: HeatValue, range: RatioRange): LegendItem[] {
  const found = new Set<number>()
  let hasPartial = false
  for (const row of rows)
    for (let unit = 0; unit < units; unit++) {
      found.add(cellIndex(row, unit, value, range))
      hasPartial ||= isPartial(row, unit)
    }
  const swatch = (index: number, name: string, text: string): LegendItem[] =>
    found.has(index) ? [{ shape: 'swatch', colour: `var(--ratio-${name})`, text }] : []
  return [
    ...swatch(ratioIndex(0, range), 'under', `below ${plainNumber(1 / range)}, or 0`),
    ...swatch(ratioIndex(Number.MAX_VALUE, range), 'over', `above ${plainNumber(range)}`),
    ...swatch(ratioIndex(NaN, range), 'not-finite', 'not finite'),
    ...(hasPartial ? [{ shape: 'corner', colour: 'var(--ratio-not-finite)', text: 'not finite in some steps' } as const] : []),
    ...swatch(NOT_MEASURED, 'missing', 'not measured'),
  ]
}
