import type { DepthAnswer, JacobianPiece, JobReceived } from '../../shared/api'
import { boundDelta, smallestBoundConstant } from '../../shared/norms/bound'
import type { EpochRecord, Unit } from '../../shared/records'
import { valuesIn } from '../../shared/measures/unit-sets'
import type { Handlers, JobControl } from './boundary'
import { type JacobianWorld, measureKept } from './jacobians'

export interface TheoryWorld extends JacobianWorld {
  unitsOf(run: number): readonly Unit[]
  /** The last epoch of which there is a record. */
  lastEpoch(run: number): EpochRecord | undefined
}

type Asked = JobReceived<'runs.theory'>

/** What the lab answers about theory and measurement. */
export function theoryHandlers(world: TheoryWorld): Pick<Handlers, 'runs.theory' | 'runs.depth-law'> {
  return {
    async 'runs.theory'(asked, control) {
      const found = await measureRun(world, asked, control)
      const units = world.unitsOf(asked.run)
      const epoch = world.lastEpoch(asked.run)
      const blocks = units.filter(({ kind }) => kind === 'block').length
      const c = asked.c ?? (epoch ? smallestBoundConstant(valuesIn('blocks', epoch.ratios.mean, units)) : NaN)
      return {
        ...found,
        ...{ blocks, c, delta: boundDelta(c, blocks), isCovering: asked.c === undefined },
        ratios: found.pieces.map((_, i) => {
          if (!epoch) return null
          const { mean, min, max } = epoch.ratios
          return { mean: mean[i]!, least: min[i]!, greatest: max[i]! }
        }),
        epoch: epoch?.epoch ?? null,
      }
    },
    async 'runs.depth-law'({ runs }, control) {
      const found: DepthAnswer['runs'] = []
      for (const [i, run] of runs.entries()) {
        control.tell({ phase: 'measuring', done: i, total: runs.length, secondsLeft: null })
        const { network, pieces } = await measureRun(world, { ...DEFAULTS, run }, { ...control, tell: () => undefined })
        found.push(depthOf(run, network, pieces))
      }
      const slope = (hasSkips: boolean): number | null => slopeOf(found.filter((depth) => depth.hasSkips === hasSkips))
      return { runs: found, slopeWithSkips: slope(true), slopeWithout: slope(false) }
    },
  }
}

const DEFAULTS = { split: 'test', image: 0, count: 32, mode: 'inference', tolerance: 0.01, steps: 40 } as const

function measureRun(world: TheoryWorld, asked: Asked, control: JobControl): ReturnType<typeof measureKept> {
  const { run, step, split, image, count, mode, tolerance, steps } = asked
  const question = {
    ...{ mode, tolerance, steps, probes: 0, exactUpTo: 200, alignment: 0, partialProbes: 0 },
    weights: step === undefined ? { run } : { run, step },
    points: { data: world.configurationOf(run).data.name, split, image, count },
    ...{ withBranch: true, withRepairs: true },
  }
  return measureKept(world, question, control)
}

function depthOf(run: number, network: string, pieces: readonly JacobianPiece[]): DepthAnswer['runs'][number] {
  const blocks = pieces.filter(({ kind }) => kind === 'block')
  const values = blocks.map(({ spectrum, branch }) => (branch ?? spectrum).largest.value)
  return {
    ...{ run, network, blocks: blocks.length },
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    least: Math.min(...values),
    greatest: Math.max(...values),
    hasSkips: blocks.some(({ branch }) => branch !== null),
  }
}

/** Of log(mean σ₁) over log L, by least squares. */
export function slopeOf(depths: readonly { readonly blocks: number; readonly mean: number }[]): number | null {
  const points = depths.filter(({ mean }) => mean > 0).map(({ blocks, mean }) => [Math.log(blocks), Math.log(mean)] as const)
  const centre = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x0, y0] = [centre(0), centre(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0)
  return spread > 0 ? points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / spread : null
}
