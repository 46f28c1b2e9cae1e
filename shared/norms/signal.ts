/**
 * The signal on its way forward (signal propagation plots: Brock, De and Smith, arXiv 2101.08692, section 3.2), over all images and places of a batch.
 * With μ_c and σ²_c the mean and variance of a channel of a value:
 */
export interface Signal {
  /** Mean of x² at each boundary in forward order, which is the mean over the channels of μ_c² + σ²_c; one more than there are units. */
  readonly meanSquares: Float32Array
  /** Mean of σ²_c over the channels, at each boundary. */
  readonly variances: Float32Array
  /** The same where each unit's residual branch ends, before it is added; NaN for a unit that adds none. */
  readonly branchVariances: Float32Array
}

/** The parts of a signal, in the order in which they are stored. */
export const SIGNAL_PARTS = ['meanSquares', 'variances', 'branchVariances'] as const
export type SignalPart = (typeof SIGNAL_PARTS)[number]

export const signalLength = (units: number): number => 3 * units + 2

/** The parts of what is stored; null where it is of another network. */
export function readSignal(stored: Float32Array | undefined, units: number): Signal | null {
  if (stored?.length !== signalLength(units)) return null
  return {
    meanSquares: stored.subarray(0, units + 1),
    variances: stored.subarray(units + 1, 2 * units + 2),
    branchVariances: stored.subarray(2 * units + 2),
  }
}

export function writeSignal({ meanSquares, variances, branchVariances }: Signal): Float32Array {
  return Float32Array.of(...meanSquares, ...variances, ...branchVariances)
}
