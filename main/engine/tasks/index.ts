import os from 'node:os'
import { devices, isGpu } from '../devices'
import type { EngineDescription, EngineTask, TaskProgress } from '../protocol'
import { tensorflow } from '../tensorflow/binding'
import { changeLayer } from './change-layer'
import { checkDataset } from './check-dataset'
import { evaluate } from './evaluate'
import { importDataset } from './import-dataset'
import { measureInitial } from './initial'
import { measureJacobians } from './jacobian'
import { fileSpectrum, repairFile } from './kernels'
import { recogniseDataset } from './recognise-dataset'
import { planDataset, prepareDataset } from './prepare-dataset'
import { replay } from './replay'
import { networkSpectra } from './spectra'
import { testNetwork } from './test'
import { copyWeights, initialWeights, mapWeights } from './weights'

/**
 * Answers a one-off question.
 *
 * @param tell Hears how far a long one has come.
 * @throws UserError where a file or the network does not fit.
 */
export function runTask(task: EngineTask, tell: (progress: TaskProgress) => void): unknown {
  switch (task.kind) {
    case 'describe':
      return describe()
    case 'evaluate':
      return evaluate(task)
    case 'replay':
      return replay(task)
    case 'initial':
      return measureInitial(task, tell)
    case 'import-dataset':
      return importDataset(task, tell)
    case 'check-dataset':
      return checkDataset(task, tell)
    case 'recognise-dataset':
      return recogniseDataset(task, tell)
    case 'prepare-dataset':
      return prepareDataset(task, tell)
    case 'plan-dataset':
      return planDataset(task, tell)
    case 'initial-weights':
      return initialWeights(task)
    case 'map-weights':
      return mapWeights(task)
    case 'copy-weights':
      return copyWeights(task)
    case 'test':
      return testNetwork(task, tell)
    case 'spectra':
      return networkSpectra(task, tell)
    case 'jacobian':
      return measureJacobians(task, tell)
    case 'spectrum':
      return fileSpectrum(task)
    case 'change':
      return repairFile(task)
    case 'change-layer':
      return changeLayer(task)
  }
}

function describe(): EngineDescription {
  const binding = tensorflow()
  return {
    tensorflow: binding.TF_Version,
    devices: isGpu() ? ['CPU', 'GPU'] : ['CPU'],
    choices: devices(),
    cores: os.cpus().length,
  }
}
