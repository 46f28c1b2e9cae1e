/** A histogram of values: `edges` has one more than `counts`. */
export interface Histogram {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/**
 * Counts values in equal bins, of the values or of their logarithms. Values that a logarithm has none of (0) are counted in the first bin.
 *
 * @param ends The least and the greatest edge; on a logarithmic axis both above 0.
 */
export function histogram(
  values: ArrayLike<number>,
  times: number,
  ends: readonly [number, number],
  bins: number,
  isLog: boolean,
): Histogram {
  const place = (value: number): number => (isLog ? Math.log(value) : value)
  const [low, high] = [place(ends[0]), place(ends[1])]
  const width = (high - low) / bins || 1
  const counts = Array<number>(bins).fill(0)
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor((place(values[i]!) - low) / width)
    counts[Math.min(bins - 1, Math.max(0, Number.isNaN(at) ? 0 : at))]! += times
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => (isLog ? Math.exp(low + i * width) : low + i * width))
  return { edges, counts }
}

/** Ends that hold all values of several spectra: round a little, on a logarithmic axis without what is below a millionth of the largest. */
export function histogramEnds(spectra: readonly ArrayLike<number>[], isLog: boolean): [number, number] {
  let [low, high] = [Infinity, 0]
  for (const values of spectra)
    for (let i = 0; i < values.length; i++) {
      high = Math.max(high, values[i]!)
      if (!isLog || values[i]! > 0) low = Math.min(low, values[i]!)
    }
  if (!(high > 0)) return isLog ? [0.1, 10] : [0, 1]
  if (isLog) return [Math.max(low, high * 1e-6), high * 1.0001]
  return [0, high * 1.0001]
}
