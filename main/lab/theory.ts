import type { DepthAnswer, JacobianPiece, JobReceived, MovedAnswer } from '../../shared/api'
import { networkFromDocument } from '../../shared/architecture'
import { initialValuesOf } from '../../shared/configuration'
import { isUserError, UserError } from '../../shared/errors'
import { powerLaw, type PowerLaw } from '../../shared/experiments/power-law'
import { Pace } from '../../shared/job'
import { boundDelta, smallestBoundConstant } from '../../shared/norms/bound'
import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { valuesIn } from '../../shared/measures/unit-sets'
import type { Handlers, JobControl } from './boundary'
import { type JacobianWorld, measureKept } from './jacobians'

export interface TheoryWorld extends JacobianWorld {
  unitsOf(run: number): readonly Unit[]
  /** The newest checkpoint's step, or that of the one asked for. @throws UserError where there is none. */
  checkpointStep(run: number, step: number | undefined): number
  /** The last step up to this one whose norms were measured. */
  lastMeasured(run: number, upTo: number): StepRecord | undefined
  /** Those of which there is a record, in order. */
  epochsOf(run: number): readonly EpochRecord[]
}

type Asked = JobReceived<'runs.theory'>

/** What the lab answers about theory and measurement. */
export function theoryHandlers(world: TheoryWorld): Pick<Handlers, 'runs.theory' | 'runs.depth-law' | 'runs.moved'> {
  return {
    async 'runs.theory'(asked, control) {
      const units = world.unitsOf(asked.run)
      const step = world.checkpointStep(asked.run, asked.step)
      const found = await measureRun(world, { ...asked, step }, control)
      const epoch = world
        .epochsOf(asked.run)
        .filter(({ firstStep }) => firstStep <= Math.max(step, 1))
        .pop()
      // The gradient at these weights is that of the step after them.
      const nearest = world.lastMeasured(asked.run, step + 1)
      const blocks = units.filter(({ kind }) => kind === 'block').length
      const c = asked.c ?? (epoch ? smallestBoundConstant(valuesIn('blocks', epoch.ratios.mean, units)) : NaN)
      return {
        ...found,
        ...{ blocks, c, delta: boundDelta(c, blocks), isCovering: asked.c === undefined, step },
        measured: nearest ? { step: nearest.step, ratios: ratios(nearest.norms).slice() } : null,
        ratios: found.pieces.map((_, i) => {
          if (!epoch) return null
          const { mean, min, max } = epoch.ratios
          return { mean: mean[i]!, least: min[i]!, greatest: max[i]! }
        }),
        epoch: epoch?.epoch ?? null,
      }
    },
    async 'runs.depth-law'({ runs }, control) {
      const { found, failed } = await oneByOne(runs, control, async (run, own) => {
        const { network, pieces } = await measureRun(world, { ...DEFAULTS, run }, own)
        return depthOf(run, network, pieces)
      })
      const law = (hasSkips: boolean): PowerLaw | null =>
        powerLaw(found.filter((one) => one.hasSkips === hasSkips).map(({ blocks, mean }) => ({ x: blocks, y: mean })))
      return { runs: found, withSkips: law(true), without: law(false), failed }
    },
    async 'runs.moved'({ runs }, control) {
      const { found, failed } = await oneByOne(runs, control, (run, own) => measureMoved(world, run, own))
      return { runs: found, failed }
    },
  }
}

/** One run after another, with how far it is; of a run's own progress that it waits is told. What cannot be told of one loses none of the others. */
async function oneByOne<T>(
  runs: readonly number[],
  control: JobControl,
  measure: (run: number, own: JobControl) => Promise<T>,
): Promise<{ found: T[]; failed: MovedAnswer['failed'] }> {
  const found: T[] = []
  const failed: MovedAnswer['failed'] = []
  const clock = new Pace()
  for (const [i, run] of runs.entries()) {
    const place = { phase: 'measuring', done: i, total: runs.length }
    const tell = (phase: string): void => control.tell({ ...place, phase, secondsLeft: clock.secondsLeft(place) })
    tell('measuring')
    try {
      found.push(await measure(run, { ...control, tell: ({ phase }) => phase === 'waiting' && tell(phase) }))
    } catch (error) {
      if (!isUserError(error)) throw error
      failed.push({ run, problem: error.message })
    }
  }
  return { found, failed }
}

/** @throws UserError for a run that began with weights of its own, which nobody keeps apart from its checkpoints. */
async function measureMoved(world: TheoryWorld, run: number, control: JobControl): Promise<MovedAnswer['runs'][number]> {
  const { training, data, seed, weights: start, dataHash } = world.configurationOf(run)
  if (start !== undefined)
    throw new UserError('it began with given weights, and a coordinate check begins at initial values', {
      place: `run ${run}`,
      remedy: 'take a run that began with its initialiser',
    })
  const { network, ...weights } = world.keptWeights({ run })
  const document = networkFromDocument(network)
  const found = await world.jobs.run(
    'moved',
    {
      ...{ network: document, weights, data, dataHash, dataFolder: world.catalogue.folder, seed },
      ...{ standardisation: training.standardisation, projection: training.projection, whitening: training.whitening },
      ...{ batch: training.batch, ...initialValuesOf(training) },
    },
    control,
  )
  return { run, network: document.name, steps: world.checkpointStep(run, undefined), ...found }
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
