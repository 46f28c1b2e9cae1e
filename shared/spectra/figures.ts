import type { LayerSpectrum } from '../api'

/** What figures are told of: all of a spectrum, or its extremes alone. */
type FiguredSpectrum = Pick<LayerSpectrum, 'summary' | 'extremes' | 'edgeShare'>

/** A figure of a layer's spectrum, in the order of tables. */
export interface SpectrumFigure {
  readonly name: string
  /** Heading of a column, and the whole of it with its definition. */
  readonly short: string
  readonly label: string
  readonly description: string
  readonly form: 'number' | 'share'
  of(layer: FiguredSpectrum): number | null
}

export const SPECTRUM_FIGURES: readonly SpectrumFigure[] = [
  {
    ...{ name: 'largest', short: 'σ₁', label: 'Largest', form: 'number' },
    description: 'the operator’s norm: by how much it stretches at most',
    of: ({ summary, extremes }) => summary?.largest ?? extremes?.largest.value ?? null,
  },
  {
    ...{ name: 'median', short: 'median', label: 'Median', form: 'number' },
    description: 'half of the singular values are larger',
    of: ({ summary }) => summary?.median ?? null,
  },
  {
    ...{ name: 'smallest', short: 'σₙ', label: 'Smallest', form: 'number' },
    description: 'by how much it stretches at least',
    of: ({ summary, extremes }) => summary?.smallest ?? extremes?.smallest.value ?? null,
  },
  {
    ...{ name: 'condition', short: 'σ₁/σₙ', label: 'Condition', form: 'number' },
    description: 'largest over smallest',
    of: ({ summary }) => summary?.condition ?? null,
  },
  {
    ...{ name: 'stableRank', short: 'stable rank', label: 'Stable rank', form: 'number' },
    description: 'sum of squares over the largest square',
    of: ({ summary }) => summary?.stableRank ?? null,
  },
  {
    ...{ name: 'effectiveRank', short: 'effective rank', label: 'Effective rank', form: 'number' },
    description: 'exp of the entropy of σ over their sum',
    of: ({ summary }) => summary?.effectiveRank ?? null,
  },
  {
    ...{ name: 'entropy', short: 'entropy', label: 'Entropy', form: 'number' },
    description: 'of σ² over their sum, 0 for one direction alone, 1 where all carry alike',
    of: ({ summary }) => summary?.entropy ?? null,
  },
  {
    ...{ name: 'withinOne', short: 'within 1±δ', label: 'Within 1 ± δ', form: 'share' },
    description: 'share of the values near 1',
    of: ({ summary }) => summary?.withinOne ?? null,
  },
  {
    ...{ name: 'isometryDistance', short: 'to isometry', label: 'To isometry', form: 'number' },
    description: 'root mean square of σ − 1: distance to the nearest isometry',
    of: ({ summary }) => summary?.isometryDistance ?? null,
  },
  {
    ...{ name: 'edgeShare', short: 'edges', label: 'Edges', form: 'share' },
    description: 'distance of the padded operator from the circular one, over the circular one’s norm',
    of: ({ edgeShare }) => edgeShare,
  },
]

/** All figures of a layer; null for one that it has not. */
export const layerFigures = (layer: FiguredSpectrum): (number | null)[] => SPECTRUM_FIGURES.map(({ of }) => of(layer))
