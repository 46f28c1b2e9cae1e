import os from 'node:os'
import { isGpu } from '../devices'
import type { EngineDescription, EngineTask } from '../protocol'
import { tensorflow } from '../tensorflow/binding'
import { evaluate } from './evaluate'
import { repairFile, spectrum } from './kernels'
import { replay } from './replay'

/** Answers a one-off question. @throws UserError where a file or the network does not fit. */
export function runTask(task: EngineTask): unknown {
  switch (task.kind) {
    case 'describe':
      return describe()
    case 'evaluate':
      return evaluate(task)
    case 'replay':
      return replay(task)
    case 'spectrum':
      return spectrum(task)
    case 'project':
    case 'whiten':
      return repairFile(task)
  }
}

function describe(): EngineDescription {
  const binding = tensorflow()
  return { tensorflow: binding.TF_Version, devices: isGpu() ? ['CPU', 'GPU'] : ['CPU'], cores: os.cpus().length }
}
