import type { CanvasTokens } from '../../theme/canvas-tokens'
import { ratioPosition, type RatioRange, type Reach } from '../../charts/ratio-scale'
import type { Bar } from './theory-bars'

/** A bar where it stands on the horizontal axis. */
export interface PlacedBar {
  readonly x: number
  readonly bar: Bar
  readonly colour: string
}

export interface BarSeriesInput {
  readonly bars: readonly PlacedBar[]
  readonly range: RatioRange
  readonly reach: Reach
  /** Of a bar, CSS pixels. */
  readonly width: number
  readonly tokens: CanvasTokens
}

interface Api {
  coord(point: readonly number[]): number[]
}

/** The least height of a bar, CSS pixels. */
const THIN = 3

/**
 * Bars from the smallest to the largest singular value, cut at the axis's ends, each end with its error as a whisker. Below a smallest value that was
 * not told from 0 a bar goes on faintly to the axis.
 */
export function barSeries({ bars, range, reach, width, tokens }: BarSeriesInput): object[] {
  const inside = (value: number): number => Math.min(reach.to, Math.max(reach.from, nonNumber(ratioPosition(value, range))))
  const data = bars.map(({ x, bar: { low, high, lowError, highError } }) => [
    ...[x, inside(low), inside(high)],
    ...[low - lowError, low + lowError, high - highError, high + highError].map((value) => inside(Math.max(0, value))),
  ])
  const half = Math.max(0.5, width / 2)
  return [
    {
      id: 'bars',
      type: 'custom',
      silent: true,
      clip: true,
      z: 3,
      data,
      renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => {
        const { bar, colour } = bars[dataIndex]!
        const [x, low, high, lowFrom, lowTo, highFrom, highTo] = data[dataIndex] as [
          ...[number, number, number, number, number, number, number],
        ]
        const at = (y: number): number => api.coord([x, y])[1]!
        const middle = api.coord([x, 0])[0]!
        const rect = (from: number, to: number, opacity: number) => {
          const height = at(from) - at(to)
          // Where all values are alike, a line.
          return height < THIN
            ? {
                type: 'rect',
                shape: { x: middle - half, y: (at(from) + at(to) - THIN) / 2, width: 2 * half, height: THIN },
                style: { fill: colour },
              }
            : { type: 'rect', shape: { x: middle - half, y: at(to), width: 2 * half, height }, style: { fill: colour, opacity } }
        }
        const whisker = (from: number, to: number) => {
          const [bottom, top] = [at(from), at(to)]
          const cap = Math.min(3, half)
          const line = (x1: number, y1: number, x2: number, y2: number) => ({
            type: 'line',
            shape: { x1, y1, x2, y2 },
            style: { stroke: tokens.ink2, lineWidth: 1 },
          })
          // An error too small to be seen is no mark.
          return bottom - top < 2.5
            ? []
            : [
                line(middle, bottom, middle, top),
                line(middle - cap, bottom, middle + cap, bottom),
                line(middle - cap, top, middle + cap, top),
              ]
        }
        return {
          type: 'group',
          children: [
            ...(bar.isOpen && low > reach.from ? [rect(reach.from, low, 0.16)] : []),
            rect(low, high, 0.5),
            ...(bar.isOpen ? [] : whisker(lowFrom, lowTo)),
            ...whisker(highFrom, highTo),
          ],
        }
      },
    },
  ]
}

/** A value of 0 lies below every axis. */
const nonNumber = (position: number): number => (Number.isNaN(position) ? Infinity : position)
