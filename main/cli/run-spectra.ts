import type { RunSpectra } from '../../shared/api'
import { LIVE_SUMMARIES, liveFields } from '../../shared/spectra/live-summaries'
import { jsonLine } from './command'
import { figure, percent, table } from '../text/format'

/** A line of JSON a record and layer. */
export function spectraLines({ layers, records }: RunSpectra): string {
  return records
    .flatMap(({ step, values }) => layers.map(({ name }, layer) => jsonLine({ step, layer: name, ...liveFields(values, layer) })))
    .join('')
}

/** The last record as a table, with what the spectra took. */
export function spectraTable({ layers, records, share, taken }: RunSpectra): string {
  const last = records[records.length - 1]
  if (layers.length === 0) return 'It looks at no spectra; train with --set spectra.every=100 does.\n'
  if (!last) return 'It has looked at no spectrum yet.\n'
  const rows = layers.map(({ name }, layer) => {
    const fields = liveFields(last.values, layer)
    return [name, ...LIVE_SUMMARIES.map((one) => (one.isLog ? figure(fields[one.name]) : percent(fields[one.name])))]
  })
  const skipped = records.reduce((sum, record) => sum + record.skipped, 0)
  const told = [
    `${records.length} looks, of steps ${records[0]!.step} to ${last.step}`,
    ...(skipped > 0 ? [`${skipped} left out`] : []),
    ...(taken === null ? [] : [`${percent(taken)} of one processor while at work, at most ${percent(share)} asked`]),
  ]
  return `Singular values after step ${last.step} (${told.join('; ')})\n${table([['layer', ...LIVE_SUMMARIES.map(({ title }) => title)], ...rows])}`
}
