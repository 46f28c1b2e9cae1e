import { z } from 'zod'
import type { ExpandedNetwork } from '../architecture'
import { spectralLayers } from '../architecture'
import type { Training } from '../configuration'
import { Measured } from '../records'
import { type ConvolutionLayer, type DenseLayer, layerOperators } from './layer-operators'
import { quantiles, type SingularValues, summariseSpectrum } from './summary'

/** Points at which a layer's singular values are kept while a run trains, from the largest (0) to the smallest. */
export const LIVE_QUANTILES = 17

/** What is kept of a layer beside its quantiles, in their order. */
export const LIVE_FIGURES = ['stableRank', 'condition', 'withinOne'] as const

/** Numbers of a layer in a record. */
export const LIVE_VALUES = LIVE_QUANTILES + LIVE_FIGURES.length

/** The singular values of a run's layers after one of its steps. */
export const SpectraRecord = z.object({
  /** 0 for the weights that the run began with. */
  step: z.number().int().min(0),
  /** Looks that were due between the record before and this one's step, and were left out, as the worker was still busy. */
  skipped: z.number().int().min(0),
  /** Processor time that the worker took for it, and wall time from the step to the answer, both as long as there was a training beside it, milliseconds. */
  cpuMs: Measured,
  wallMs: Measured,
  /** [layers, LIVE_VALUES]; NaN where a layer's values were not all found, or its kernel was not finite. */
  values: z.instanceof(Float32Array),
})
export type SpectraRecord = z.infer<typeof SpectraRecord>

/** A layer whose spectrum is followed. */
export type LiveLayer = ConvolutionLayer | DenseLayer

/** The layers that a run's spectra are of, in the order of the forward pass. @throws UserError for a pattern that fits none. */
export function liveLayers(network: ExpandedNetwork, layers: Training['spectra']['layers']): LiveLayer[] {
  const chosen = new Set(spectralLayers(network, layers).map((index) => network.layers[index]!.name))
  return layerOperators(network).filter((layer): layer is LiveLayer => layer.kind !== 'batch-norm' && chosen.has(layer.name))
}

/** A layer's numbers in a record. */
export function liveValues(found: SingularValues, delta: number): Float32Array {
  const summary = summariseSpectrum(found, delta)
  const values = new Float32Array(LIVE_VALUES)
  values.set(quantiles(found, LIVE_QUANTILES))
  values.set(
    LIVE_FIGURES.map((name) => summary[name]),
    LIVE_QUANTILES,
  )
  return values
}

/** The same where only the extremes are known. */
export function liveExtremes(largest: number, smallest: number, frobenius: number): Float32Array {
  const values = new Float32Array(LIVE_VALUES).fill(NaN)
  values[0] = largest
  values[LIVE_QUANTILES - 1] = smallest
  values.set([(frobenius / largest) ** 2, largest / smallest, NaN], LIVE_QUANTILES)
  return values
}

/** Records of a run take at most this, bytes. */
export const MOST_LIVE_BYTES = 32 * 2 ** 20

/** Steps between looks: as they were asked for, or so many times as far apart that a whole run's records keep within their bytes. */
export function stepsBetween(every: number, steps: number, layers: number): number {
  const bytes = 4 * LIVE_VALUES * layers
  let between = every
  while ((steps / between) * bytes > MOST_LIVE_BYTES) between *= 2
  return between
}

/** The part of one processor's time that the looks took while they were at work, 0–1; NaN before there is an answer. */
export function shareTaken(records: readonly Pick<SpectraRecord, 'cpuMs' | 'wallMs'>[]): number {
  const sum = (of: 'cpuMs' | 'wallMs'): number => records.reduce((total, record) => total + record[of], 0)
  return sum('cpuMs') / sum('wallMs')
}
