import type { RunPlan } from '../../shared/api'
import { expand } from '../../shared/architecture'
import { stepsPerEpoch, totalSteps } from '../../shared/run-length'
import { secondsOf } from './estimate'
import { availableMemory, machineMemory, neededMemory } from './memory'
import type { planRun } from './start'
import type { StepTimes } from './step-times'

/** What a run comes to before it starts. Nothing is told that was not measured: its time is null where nothing was. */
export function tellPlan(
  { configuration, network, images, warning }: ReturnType<typeof planRun>,
  times: StepTimes,
  recent = times.recent(),
): Omit<RunPlan, 'name'> {
  const { training } = configuration
  const perEpoch = stepsPerEpoch(images.train, training.batch)
  const { ms, basis } = times.of({ network: configuration.network, flops: network.flops, training }, recent)
  return {
    steps: totalSteps(training, perEpoch),
    epochs: Math.ceil(totalSteps(training, perEpoch) / perEpoch),
    stepsPerEpoch: perEpoch,
    stepMs: ms,
    seconds: ms === null ? null : secondsOf(training, perEpoch, images.test, ms),
    basis,
    memory: {
      needed: neededMemory(expand(configuration.network), training),
      free: availableMemory(),
      total: machineMemory(),
    },
    warning: warning ?? null,
  }
}
