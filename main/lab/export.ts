import type { RunDetail } from '../../shared/api'
import type { Configuration, Training } from '../../shared/configuration'
import { csvLine, type CsvCell } from '../../shared/csv'
import { shortestSingles } from '../../shared/float32'
import { endMeasures, stepMeasures } from '../../shared/measures'
import { epochValues, stepValues, titleWithUnit } from '../../shared/measures/values'
import { signalLength } from '../../shared/norms/signal'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { writeFile } from '../files/write-file'
import type { Store } from '../store/store'
import { spectraJson } from './export-spectra'
import { epochFields, stepFields, valueOf } from './json-records'
import { runSpectra } from './run-spectra'

/**
 * Writes a run as one file, whole or not at all.
 *
 * JSON: `{"format": "normlab/run", "version": 1, "run": …, "configuration": …, "epochs": […], "steps": […]}` with a step as
 * the command line prints it, and `spectra` where the run looked at some. A number that JSON lacks (NaN, infinities) is null there, and told in CSV.
 *
 * @returns the number of steps written.
 * @throws UserError where the file cannot be written.
 */
export function exportRun(
  store: Store,
  summary: RunDetail,
  configuration: Configuration,
  out: string,
  format: 'json' | 'csv',
): number {
  return writeFile(out, (write) => {
    let steps = 0
    for (const { text, step } of format === 'json'
      ? jsonPieces(store, summary, configuration)
      : csvPieces(store, summary, configuration)) {
      write(text)
      if (step) steps++
    }
    return steps
  })
}

interface Piece {
  readonly text: string
  /** The piece holds one step. */
  readonly step?: true
}

function* jsonPieces(store: Store, run: RunDetail, configuration: Configuration): Generator<Piece> {
  const { configuration: _, dataFault: _fault, ...told } = run
  yield {
    text: `{"format":"normlab/run","version":1,\n"run":${JSON.stringify(told)},\n"configuration":${JSON.stringify(configuration)},\n"epochs":[`,
  }
  const epochs = store.epochs.all(run.id).map((epoch) => JSON.stringify(epochFields(epoch, run.units)))
  yield { text: `${epochs.length > 0 ? '\n' : ''}${epochs.join(',\n')}],\n"steps":[` }
  let separator = '\n'
  for (const step of store.steps.each(run.id)) {
    yield { text: separator + JSON.stringify(stepFields(step, run.units)), step: true }
    separator = ',\n'
  }
  const spectra = runSpectra(store, run.id)
  if (spectra.records.length === 0) return yield { text: ']}\n' }
  yield { text: '],\n"spectra":[' }
  separator = '\n'
  for (const look of spectraJson(spectra)) {
    yield { text: separator + look }
    separator = ',\n'
  }
  yield { text: ']}\n' }
}

/**
 * A column for the norm at each boundary (the one that leaves the last unit is `end`) and for each unit's ratio; what an epoch's
 * test gave stands at the epoch's last step.
 */
function* csvPieces(store: Store, { id, units }: RunDetail, { data, training }: Configuration): Generator<Piece> {
  const { measures } = training
  const names = units.map(({ name }) => name)
  const header = [
    ...['step', 'epoch', ...stepMeasures.map((measure) => titleWithUnit(measure))],
    ...endMeasures.map((measure) => titleWithUnit(measure, [data.testSplit])),
    ...[...names, 'end'].map((name) => `norm ${name}`),
    ...names.map((name) => `ratio ${name}`),
    ...(measures.activations ? [...names, 'end'].map((name) => `activation ${name}`) : []),
    ...(measures.weights ? names.flatMap((name) => [`weight ${name}`, `update ${name}`]) : []),
    ...(measures.signal > 0 ? signalColumns(names) : []),
  ]
  yield { text: csvLine(header) }
  const ended = new Map(store.epochs.all(id).map((epoch) => [epoch.lastStep, epoch]))
  for (const step of store.steps.each(id))
    yield { text: csvLine(csvRow(step, ended.get(step.step), units, measures)), step: true }
}

/** In the order in which a step has them. */
const signalColumns = (names: readonly string[]): string[] => [
  ...[...names, 'end'].map((name) => `mean square ${name}`),
  ...[...names, 'end'].map((name) => `variance ${name}`),
  ...names.map((name) => `branch variance ${name}`),
]

/** What a step did not measure leaves its cells empty. */
function csvRow(
  record: StepRecord,
  ended: EpochRecord | undefined,
  units: readonly Unit[],
  measures: Training['measures'],
): CsvCell[] {
  const { step, epoch, norms, activations, weights, updates, signal } = record
  const values = stepValues(record, units)
  const cells = (values: Float32Array | undefined, length: number): CsvCell[] =>
    values?.length === length ? shortestSingles(values) : new Array<null>(length).fill(null)
  const [weight, update] = [cells(weights, units.length), cells(updates, units.length)]
  return [
    ...[step, epoch, ...stepMeasures.map((measure) => valueOf(measure, values))],
    ...endMeasures.map((measure) => ended && measure.epoch.of(epochValues(ended, units))),
    ...cells(norms, units.length + 1),
    ...cells(values.ratios.all, units.length),
    ...(measures.activations ? cells(activations, units.length + 1) : []),
    ...(measures.weights ? weight.flatMap((value, unit) => [value, update[unit]]) : []),
    ...(measures.signal > 0 ? cells(signal, signalLength(units.length)) : []),
  ]
}
