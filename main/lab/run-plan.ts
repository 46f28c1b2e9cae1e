import type { RunPlan } from '../../shared/api'
import { expand } from '../../shared/architecture'
import { stepsPerEpoch, totalSteps } from '../../shared/run-length'
import { secondsOf } from './estimate'
import { availableMemory, machineMemory, neededMemory } from './memory'
import type { planRun } from './start'
import type { StepTimes } from './step-times'
import { basisWords } from './time-basis'

type Planned = ReturnType<typeof planRun>

/** A run's steps, and how long they take; null where nothing was measured that it could be told from. */
export function costOf({ configuration, network, images }: Planned, times: StepTimes, recent = times.recent()) {
  const { training, execution } = configuration
  const perEpoch = stepsPerEpoch(images.train, training.batch)
  const time = times.of({ network: configuration.network, flops: network.flops, training, execution }, recent)
  const seconds = time.ms === null ? null : secondsOf(training, perEpoch, images.test, time.ms)
  return { steps: totalSteps(training, perEpoch), perEpoch, time, seconds }
}

/** What a run comes to before it starts. Nothing is told that was not measured. */
export function tellPlan(planned: Planned, times: StepTimes): Omit<RunPlan, 'name'> {
  const { configuration, warning } = planned
  const { training, execution } = configuration
  const { steps, perEpoch, time, seconds } = costOf(planned, times)
  return {
    ...{ steps, epochs: Math.ceil(steps / perEpoch), stepsPerEpoch: perEpoch },
    ...{ stepMs: time.ms, seconds, basis: basisWords([time.basis]) },
    memory: {
      needed: neededMemory(expand(configuration.network), { ...training, ...execution }),
      free: availableMemory(),
      total: machineMemory(),
    },
    warning: warning ?? null,
  }
}
