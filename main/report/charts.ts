import { stepMeasures, epochMeasures } from '../../shared/measures'
import type { ReportChart, ReportCurve } from '../../shared/report/report'
import type { ReportedRun } from './gather'

/** Points of all curves of a chart together, about: a page draws them at once. */
const POINTS = 40_000
const [LEAST, MOST] = [200, 4000]
const COLOURS = 8

/** Measures of steps that a report draws, and with which the values at the epochs' ends are drawn. */
const DRAWN = ['loss', 'accuracy', 'chainRatio', 'deviation', 'gradientNorm', 'rate'] as const
const AT_ENDS: Readonly<Record<string, string>> = { loss: 'testLoss', accuracy: 'testAccuracy' }

/** The curves of all runs, a chart a measure; one that none of them has is left out. */
export function chartsOf(runs: readonly ReportedRun[]): ReportChart[] {
  const most = Math.max(LEAST, Math.min(MOST, Math.floor(POINTS / runs.length)))
  return DRAWN.flatMap((name): ReportChart[] => {
    const measure = stepMeasures.find((one) => one.name === name)
    if (!measure) return []
    const atEnds = epochMeasures.find((one) => one.name === AT_ENDS[name])
    const curves = runs.flatMap(({ run, label, curves: columns, epochs }, i): ReportCurve[] => {
      const isAlone = runs.length === 1
      const base = { id: `${run.id}`, name: isAlone ? 'training' : label, colour: i % COLOURS, isDashed: i >= COLOURS }
      const steps = spread(columns.step, columns[name], most)
      const ends = atEnds ? epochs.flatMap(({ lastStep, testLoss, testAccuracy }) => {
            const value = name === 'loss' ? testLoss : testAccuracy
            return value === null ? [] : [[lastStep, finite(value)] as const]
          }) : [] // prettier-ignore
      return [
        ...(steps.x.length > 0 ? [{ ...base, ...steps, style: 'line' as const }] : []),
        ...(ends.length > 0
          ? [
              {
                ...{
                  ...base,
                  id: `${run.id} test`,
                  name: isAlone ? 'tested' : `${label}, tested`,
                  isDashed: true,
                  style: 'points' as const,
                },
                ...{ x: ends.map(([x]) => x), y: ends.map(([, y]) => y) },
              },
            ]
          : []),
      ]
    })
    if (curves.length === 0) return []
    const { unit, scale } = measure
    return [{ title: titleOf(measure), unit, scale, xName: 'step', curves }]
  })
}

const titleOf = ({ label, chart }: (typeof stepMeasures)[number]): string => {
  const title = chart && 'title' in chart ? chart.title : label
  return title.charAt(0).toUpperCase() + title.slice(1)
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/**
 * At most so many of the points of a curve, as they were measured: all, or of each of many equal pieces the first, the least, the greatest and
 * the last. A step that was not measured is none.
 */
function spread(x: ArrayLike<number>, y: ArrayLike<number>, most: number): { x: number[]; y: (number | null)[] } {
  const known: number[] = []
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(y[i]!)) known.push(i)
  const chosen = known.length <= most ? known : pieces(known, y, Math.floor(most / 4))
  return { x: chosen.map((i) => x[i]!), y: chosen.map((i) => finite(y[i]!)) }
}

function pieces(known: readonly number[], y: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: count }, (_, piece) => {
    const part = known.slice(Math.floor((piece * known.length) / count), Math.floor(((piece + 1) * known.length) / count))
    const by = (better: (a: number, b: number) => boolean): number =>
      part.reduce((best, i) => (better(y[i]!, y[best]!) ? i : best))
    return [...new Set([part[0]!, by((a, b) => a < b), by((a, b) => a > b), part[part.length - 1]!])].sort((a, b) => a - b)
  }).flat()
}
