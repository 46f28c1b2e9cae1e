import type { RunSpectra } from '../../shared/api'
import { csvLine } from '../../shared/csv'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { LIVE_QUANTILES } from '../../shared/spectra/live'
import { LIVE_SUMMARIES, liveFields, liveQuantiles } from '../../shared/spectra/live-summaries'
import { writeFile } from '../files/write-file'

/** A run's spectra as JSON has them, a line a look; infinities and NaN are null. */
export function* spectraJson({ layers, records }: RunSpectra): Generator<string> {
  for (const { values, ...look } of records)
    yield JSON.stringify({ ...look, layers: layers.map(({ name }, layer) => ({ name, ...liveFields(values, layer) })) })
}

/**
 * Writes a run's spectra as CSV: a row a look and layer, with the summaries and the quantiles from the largest singular value to the smallest.
 *
 * @returns the number of looks.
 * @throws UserError where the run has none, or the file cannot be written.
 */
export function exportSpectra(run: number, { layers, records }: RunSpectra, out: string): number {
  if (records.length === 0)
    throw new UserError(`run ${run} has no spectra`, { remedy: 'train with --set spectra.every=100, or leave out --spectra' })
  return writeFile(out, (write) => {
    const quantiles = Array.from({ length: LIVE_QUANTILES }, (_, i) => `quantile ${1 - i / (LIVE_QUANTILES - 1)}`)
    write(csvLine(['step', 'layer', ...LIVE_SUMMARIES.map(({ title }) => title), ...quantiles]))
    for (const { step, values } of records)
      layers.forEach(({ name }, layer) => {
        const fields = liveFields(values, layer)
        const cells = [...LIVE_SUMMARIES.map((one) => fields[one.name]), ...shortestSingles(liveQuantiles(values, layer))]
        write(csvLine([step, name, ...cells]))
      })
    return records.length
  })
}
