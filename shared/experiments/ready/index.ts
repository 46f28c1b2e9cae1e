import type { ReadyExperiment } from '../experiment'
import { deeper } from './deeper'
import { densenet } from './densenet'
import { depthLaw } from './depth-law'
import { paperFigure } from './paper-figure'
import { throughTraining } from './through-training'
import { transitions } from './transitions'
import { whitening } from './whitening'
import { withoutNorms } from './without-norms'

/** The experiments that come with NormLab, each with the claim that it tests. */
export const readyExperiments: readonly ReadyExperiment[] = [
  deeper,
  throughTraining,
  withoutNorms,
  paperFigure,
  transitions,
  whitening,
  densenet,
  depthLaw,
]
