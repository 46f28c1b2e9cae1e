import { runNumber } from '../../run-labels'
import type { ExperimentDefinition } from '../experiment'
import { type JudgedCell, unfinished } from '../judged-cell'
import type { Law, LawPoint, LawPoints } from './law'

const RATE = 'training.rate'

/** A rate that was tried, and how its run did: the last epoch's training loss, infinite where its numbers stopped being finite. */
interface Tried {
  readonly rate: number
  readonly loss: number
  readonly blocks: number
  readonly run: number
}

/** The rate at which the loss is least, of each depth with each seed. It needs an axis whose variants each set the rate. */
export const bestRate: Law = {
  title: 'slope of log best rate over log L',
  figure: 'best rate',
  note: 'where the last epoch’s training loss is least: the vertex of the parabola through the best rate tried and its neighbours, in its logarithm',
  base: 'L',
  over: (blocks) => blocks,
  points(cells, axes) {
    const axis = axes.findIndex(({ variants }) => variants.every(({ set }) => typeof set[RATE] === 'number'))
    if (axis < 0) return { points: [], missing: [`no axis has a ${RATE} in each of its variants`] }
    const groups = new Map<string, JudgedCell[]>()
    for (const cell of cells) {
      const key = [...cell.labels.filter((_, i) => i !== axis), `seed ${cell.seed}`].join(' · ')
      groups.set(key, [...(groups.get(key) ?? []), cell])
    }
    const found = [...groups].map(([name, own]) => bestOf(name, own, axis, axes))
    return { points: found.flatMap(({ points }) => points), missing: found.flatMap(({ missing }) => missing) }
  },
}

function bestOf(name: string, cells: readonly JudgedCell[], axis: number, axes: ExperimentDefinition['axes']): LawPoints {
  const rateOf = ({ labels }: JudgedCell): number =>
    axes[axis]!.variants.find(({ label }) => label === labels[axis])?.set[RATE] as number
  const tried: Tried[] = []
  const missing: string[] = []
  for (const cell of cells) {
    const found = triedBy(cell, rateOf(cell))
    if (typeof found === 'string') missing.push(found)
    else tried.push(found)
  }
  if (missing.length > 0) return { points: [], missing }
  tried.sort((a, b) => a.rate - b.rate)
  const best = tried.reduce((least, { loss }, i) => (loss < tried[least]!.loss ? i : least), 0)
  const { rate, loss, blocks } = tried[best]!
  if (!Number.isFinite(loss)) return { points: [], missing: [`${name}: no rate that was tried trains`] }
  if (best === 0 || best === tried.length - 1)
    return {
      points: [],
      missing: [`${name}: the best rate, ${rate}, is the ${best === 0 ? 'least' : 'greatest'} that was tried`],
    }
  const point: LawPoint = { blocks, value: vertex(tried.slice(best - 1, best + 2)), runs: tried.map(({ run }) => run) }
  return { points: [point], missing: [] }
}

function triedBy(cell: JudgedCell, rate: number): Tried | string {
  const { run } = cell
  // A rate at which the numbers stop being finite was tried, and is the worst.
  const hasDiverged = run?.state === 'failed' && run.problem?.step !== undefined
  const open = hasDiverged ? null : unfinished(cell, cell.labels.join(' · '))
  if (open !== null || run === null) return open ?? ''
  const loss = hasDiverged ? Infinity : run.measures.trainLoss
  if (loss === null || Number.isNaN(loss)) return `${runNumber(run.id)} (${cell.labels.join(' · ')}): no training loss`
  return { rate, loss, blocks: run.measures.blocks ?? NaN, run: run.id }
}

/** Where the parabola through three points, over the logarithm of the rate, has its least value; the middle one where a neighbour has none. */
function vertex([a, b, c]: readonly Tried[]): number {
  const [x0, x1, x2] = [a!, b!, c!].map(({ rate }) => Math.log(rate)) as [number, number, number]
  const left = (b!.loss - a!.loss) / (x1 - x0)
  const right = (c!.loss - b!.loss) / (x2 - x1)
  if (!Number.isFinite(left) || !Number.isFinite(right) || right <= left) return b!.rate
  // The slope at the middle of each half, and where it is 0 between them.
  const [m0, m1] = [(x0 + x1) / 2, (x1 + x2) / 2]
  return Math.exp(m0 - (left * (m1 - m0)) / (right - left))
}
