import os from 'node:os'
import { checkStore } from '../../store/check'
import { answerQuery } from '../../store/query/answer'
import { devices, isGpu } from '../devices'
import type { EngineDescription, Question, QuestionAnswer, QuestionInput, QuestionName, TaskProgress } from '../questions'
import { tensorflow } from '../tensorflow/binding'
import { changeLayer } from './change-layer'
import { checkDataset } from './check-dataset'
import { evaluate } from './evaluate'
import { exportNetwork } from './export-network'
import { importDataset } from './import-dataset'
import { importNetwork } from './import-network'
import { measureInitial } from './initial'
import { measureJacobians } from './jacobian'
import { backUp, copyFolder, restore } from './keeping'
import { fileSpectrum, repairFile } from './kernels'
import { measureLimits } from './limits'
import { measureMoved } from './moved'
import { recogniseDataset } from './recognise-dataset'
import { planDataset, prepareDataset } from './prepare-dataset'
import { replay } from './replay'
import { selfTest } from './self-test'
import { networkSpectra } from './spectra'
import { testNetwork } from './test'
import { copyWeights, initialWeights, mapWeights } from './weights'

type Tell = (progress: TaskProgress) => void

/** Who answers which question. */
const tasks: {
  readonly [N in QuestionName]: (input: QuestionInput<N>, tell: Tell) => QuestionAnswer<N> | Promise<QuestionAnswer<N>>
} = {
  describe,
  limits: (_, tell) => measureLimits(tell),
  'check-store': ({ home }) => checkStore(home),
  'self-test': (_, tell) => selfTest(tell),
  evaluate,
  replay,
  initial: measureInitial,
  moved: measureMoved,
  'initial-weights': initialWeights,
  'map-weights': mapWeights,
  'copy-weights': copyWeights,
  'import-network': importNetwork,
  'export-network': exportNetwork,
  test: testNetwork,
  spectra: networkSpectra,
  jacobian: measureJacobians,
  'kernel-spectrum': fileSpectrum,
  'change-kernel': repairFile,
  'change-layer': changeLayer,
  'recognise-dataset': recogniseDataset,
  'import-dataset': importDataset,
  'check-dataset': checkDataset,
  'prepare-dataset': prepareDataset,
  'plan-dataset': planDataset,
  query: answerQuery,
  'back-up': backUp,
  restore,
  'copy-ahead': copyFolder,
}

/**
 * Answers a one-off question.
 *
 * @param tell Hears how far a long one has come.
 * @throws UserError where a file or the network does not fit.
 */
export function answerQuestion<N extends QuestionName>(
  { name, input }: Question<N>,
  tell: Tell,
): QuestionAnswer<N> | Promise<QuestionAnswer<N>> {
  return tasks[name](input, tell)
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
