import type { z } from 'zod'
import { LabApi } from '../../shared/api'
import { cellsOf, type CellRun } from '../../shared/experiments/expand'
import type { Experiment, ExperimentDefinition, ExperimentPlan } from '../../shared/experiments/experiment'
import { UserError, isUserError } from '../../shared/errors'
import { stepsPerEpoch, totalSteps } from '../../shared/run-length'
import { lastValues } from '../store/last-values'
import type { StoredRun } from '../store/run-rows'
import type { Store } from '../store/store'
import { unfit } from './boundary'
import { median } from './progress'
import { planRun } from './start'

type Planned = ReturnType<typeof planRun>
type StartInput = z.output<(typeof LabApi)['runs.start']['input']>

export interface CellPlan extends Planned {
  readonly run: CellRun
}

/**
 * Every cell of a definition as a run that could start.
 *
 * @throws UserError that names the cell whose settings are wrong or do not fit each other; none is planned then.
 */
export function planCells(definition: ExperimentDefinition): CellPlan[] {
  return cellsOf(definition).map((run) => {
    const place = `cell "${run.name}"`
    const checked = LabApi['runs.start'].input.safeParse(run.input)
    if (!checked.success) {
      const { message } = unfit(checked.error, 'settings')
      throw new UserError(message, { place })
    }
    try {
      return { run, ...planRun(checked.data as StartInput) }
    } catch (error) {
      if (isUserError(error)) throw new UserError(error.message, { place })
      throw error
    }
  })
}

/** Steps that a run of these settings takes. */
function stepsOf({ configuration: { training } }: Planned, images: number): number {
  return totalSteps(training, stepsPerEpoch(images, training.batch))
}

/** What the cells come to. The time is that of runs on this machine, scaled by the operations of a step. */
export function summarisePlan(
  cells: readonly CellPlan[],
  store: Store,
  imagesOf: (data: Planned['configuration']['data']) => number,
  flopsOf: (run: StoredRun) => number | undefined,
): ExperimentPlan {
  const speeds: number[] = []
  for (const run of store.runs.recentlyTrained(12)) {
    const flops = flopsOf(run)
    const ms = median(lastValues(store, run.id).ms)
    const batch = (run.settings.training as { batch?: number } | undefined)?.batch
    if (flops && ms && batch) speeds.push((flops * batch) / ms)
  }
  const speed = median(speeds)
  const planned = cells.map((cell) => {
    const steps = stepsOf(cell, imagesOf(cell.configuration.data))
    const { parameters, flops, blocks } = cell.network
    const seconds = speed === null ? null : (flops * cell.configuration.training.batch * steps) / speed / 1000
    return { ...cell.run.cell, network: cell.network.name, parameters, flops, blocks, steps, seconds }
  })
  return {
    cells: planned,
    seconds: planned.every(({ seconds }) => seconds !== null) ? planned.reduce((sum, { seconds }) => sum + seconds!, 0) : null,
    basis:
      speed === null
        ? 'no run has been trained here yet, so the time is not known'
        : `the step times of ${speeds.length} earlier run${speeds.length > 1 ? 's' : ''} here, scaled by operations`,
  }
}

/** Runs that can go on from where they were cut off, of those that fill an experiment's cells. */
export function unfinishedRuns(experiment: Experiment, stateOf: (run: number) => StoredRun['state']): number[] {
  return experiment.cells.flatMap(({ run }) =>
    run !== null && ['interrupted', 'stopped', 'failed'].includes(stateOf(run)) ? [run] : [],
  )
}
