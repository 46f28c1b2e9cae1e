import type { z } from 'zod'
import { LabApi } from '../../shared/api'
import { Configuration } from '../../shared/configuration'
import { cellsOf, type CellRun } from '../../shared/experiments/expand'
import type { Cell, Experiment, ExperimentDefinition, ExperimentPlan } from '../../shared/experiments/experiment'
import { UserError, isUserError } from '../../shared/errors'
import type { StoredRun } from '../store/run-rows'
import { unfit } from './boundary'
import type { Catalogue } from '../datasets/catalogue'
import { costOf } from './run-plan'
import { planRun } from './start'
import type { StepTimes } from './step-times'
import { basisWords } from './time-basis'

type Planned = ReturnType<typeof planRun>
type StartInput = z.output<(typeof LabApi)['runs.start']['input']>

export interface CellPlan extends Planned {
  readonly run: CellRun
}

/**
 * Every cell of a definition as a run that could start.
 *
 * @param isElsewhere At another place than this machine.
 * @param wanted Which ones; all where it is not said.
 * @throws UserError that names the cell whose settings are wrong or do not fit each other; none is planned then.
 */
export function planCells(
  catalogue: Catalogue,
  definition: ExperimentDefinition,
  isElsewhere = false,
  wanted: (cell: Cell) => boolean = () => true,
): CellPlan[] {
  // Cells that differ in the seed alone come to the same; each of them laid out anew held up the lab for seconds.
  const known = new Map<string, Planned>()
  const plan = ({ input }: CellRun): Planned => {
    const { seed, ...rest } = input
    const [key, checked] = [JSON.stringify(rest), Configuration.shape.seed.safeParse(seed)]
    const alike = checked.success ? known.get(key) : undefined
    if (alike) return { ...alike, configuration: { ...alike.configuration, seed: checked.data! } }
    const planned = planInput(catalogue, input, isElsewhere)
    known.set(key, planned)
    return planned
  }
  return cellsOf(definition)
    .filter(({ cell }) => wanted(cell))
    .map((run) => {
      try {
        return { run, ...plan(run) }
      } catch (error) {
        if (isUserError(error)) throw new UserError(error.message, { place: `cell "${run.name}"` })
        throw error
      }
    })
}

/** A run as an experiment asks for it. @throws UserError where its settings are wrong or do not fit each other. */
export function planInput(catalogue: Catalogue, input: CellRun['input'], isElsewhere = false): Planned {
  const checked = LabApi['runs.start'].input.safeParse(input)
  if (checked.success) return planRun(catalogue, checked.data as StartInput, isElsewhere)
  throw new UserError(unfit(checked.error, 'settings').message)
}

/** What the cells come to. The time is that of runs on this machine, scaled by the operations of a step. */
export function summarisePlan(cells: readonly CellPlan[], times: StepTimes): ExperimentPlan {
  const recent = times.recent()
  const costs = cells.map((cell) => ({ cell, ...costOf(cell, times, recent) }))
  const planned = costs.map(({ cell, steps, seconds }) => {
    const { name, parameters, flops, blocks } = cell.network
    return { ...cell.run.cell, network: name, parameters, flops, blocks, steps, seconds }
  })
  const isKnown = planned.every(({ seconds }) => seconds !== null)
  return {
    cells: planned,
    seconds: isKnown ? planned.reduce((sum, { seconds }) => sum + seconds!, 0) : null,
    basis: basisWords(costs.map(({ time }) => time.basis)),
  }
}

/** Runs that can go on from where they were cut off, of those that fill an experiment's cells. */
export function unfinishedRuns(experiment: Experiment, stateOf: (run: number) => StoredRun['state']): number[] {
  return experiment.cells.flatMap(({ run }) =>
    run !== null && ['interrupted', 'stopped', 'failed'].includes(stateOf(run)) ? [run] : [],
  )
}
