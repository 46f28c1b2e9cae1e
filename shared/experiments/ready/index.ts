import type { ReadyExperiment } from '../experiment'
import { coordinateCheck } from './coordinate-check'
import { byConstruction } from './by-construction'
import { deeper } from './deeper'
import { densenet } from './densenet'
import { depthExponent } from './depth-exponent'
import { depthLaw } from './depth-law'
import { isometric } from './isometric'
import { muon } from './muon'
import { paperFigure } from './paper-figure'
import { preNorm } from './pre-norm'
import { rateDepth } from './rate-depth'
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
  byConstruction,
  isometric,
  whitening,
  densenet,
  depthLaw,
  depthExponent,
  coordinateCheck,
  rateDepth,
  preNorm,
  muon,
]
