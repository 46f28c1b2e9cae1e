import type { Lab, RequestOutput, RunDetail } from '../../shared/api'
import { differingSettings } from '../../shared/differing-settings'
import { testedOn } from '../../shared/data-splits'
import { runMeasures } from '../../shared/measures'
import { momentWord, titleWithUnit } from '../../shared/measures/values'
import type { EpochRecord } from '../../shared/records'
import { bibtexOf, methodsOf } from '../../shared/report/methods'
import type { Report, ReportProfile, ReportRepeat, ReportSubject, ReportTable } from '../../shared/report/report'
import { labelsOf, runNumber } from '../../shared/run-labels'
import { toldName } from '../../shared/run-origin'
import { commandLine, shellWords } from '../../shared/settings/command-line'
import { allSettingsOf } from '../../shared/run-settings'
import { tellsStretch } from '../../shared/schedules/rate'
import { toldSetting } from '../../shared/told-setting'
import { doubtsOf } from '../../shared/run-doubts'
import { armsOf, seedDifferences } from '../../shared/seed-differences'
import { DIFFERENCE_COLUMNS, differenceRows, differencesSay } from '../../shared/seed-differences-table'
import { seedGroups } from '../../shared/seed-groups'
import { measured, measuredDifference } from '../text/format'
import { verdictOn, verdictText } from '../text/verdict'
import { NORMLAB_VERSION } from '../lab'
import { chartsOf } from './charts'
import { courseTable } from './course'
import { toldSubject } from './subject'

/** A run with what a report tells of it. */
export interface ReportedRun {
  readonly run: RunDetail
  readonly label: string
  readonly curves: RequestOutput<'runs.curves'>
  readonly epochs: readonly EpochRecord[]
}

/** Runs whose profile is drawn, and whose settings and units are listed one by one. */
const MOST_DETAILED = 12

/** All that a report says of its subject, as the lab has it now. @throws UserError where there is nothing to tell. */
export async function gatherReport(lab: Lab, subject: ReportSubject): Promise<Report> {
  const { title, about, ids, experiment } = await toldSubject(lab, subject)
  const details: RunDetail[] = []
  for (const run of ids) details.push(await lab.request('runs.show', { run }))
  const labels = labelsOf(details)
  const runs: ReportedRun[] = []
  for (const run of details)
    runs.push({
      ...{ run, label: labels.get(run.id) ?? runNumber(run.id) },
      curves: await lab.request('runs.curves', { run: run.id }),
      epochs: await lab.request('runs.epochs', { run: run.id }),
    })
  const verdict = experiment === undefined ? null : await verdictOn(lab, experiment)
  const detailed = runs.slice(0, MOST_DETAILED)
  return {
    title,
    lines: [about, `Written by NormLab ${NORMLAB_VERSION} on ${new Date().toISOString().slice(0, 10)}.`, ...leftOut(runs.length)],
    verdict: verdict === null ? [] : verdictText(verdict).trimEnd().split('\n'),
    tables: [
      summaryTable(runs),
      ...courseTable(runs),
      ...differencesTable(details, experiment !== undefined),
      ...detailed.flatMap((one) => [settingsTable(one, runs.length > 1), unitsTable(one, runs.length > 1)]),
    ],
    charts: chartsOf(runs),
    profiles: detailed.flatMap((one) => profileOf(one, runs.length > 1)),
    // Nobody but its program can repeat what was trained elsewhere.
    repeat: [
      ...detailed.filter(({ run }) => !run.origin).map(repeatOf),
      ...(experiment === undefined ? [] : [repeatExperiment(experiment, title)]),
    ],
    documents: documentsOf(detailed.filter(({ run }) => !run.origin)),
    methods: methodsOf(details),
    bibtex: bibtexOf(NORMLAB_VERSION, new Date(details[0]!.createdAt).getUTCFullYear()),
  }
}

const leftOut = (count: number): string[] =>
  count <= MOST_DETAILED
    ? []
    : [`Settings, units, profiles and commands are those of the first ${MOST_DETAILED} of ${count} runs.`]

/** Runs a line each: the settings in which they differ, then what they measured. */
function summaryTable(runs: readonly ReportedRun[]): ReportTable {
  const details = runs.map(({ run }) => run)
  const paths = runs.length > 1 ? differingSettings(details) : []
  const shown = runMeasures.filter(({ isMain, name }) => isMain || name === 'bestTestAccuracy' || name === 'parameters')
  return {
    title: 'Results',
    columns: [
      'run',
      'state',
      'data',
      ...paths,
      ...shown.map((one) => `${titleWithUnit(one, testedOn(details))} (${momentWord(one)})`),
    ],
    rows: runs.map(({ run, label }) => [
      ...[label, [run.state, ...doubtsOf(run)].join(', '), toldName(run.dataset) ?? '–'],
      ...paths.map((path) => toldSetting(run, path)),
      ...shown.map((measure) => measured(measure, run.measures[measure.name])),
    ]),
  }
}

/** What differs over seeds, where there is more than one combination with more than one. */
function differencesTable(runs: readonly RunDetail[], isExperiment: boolean): ReportTable[] {
  const arms = armsOf(seedGroups(runs), isExperiment)
  const differences = seedDifferences(arms)
  if (differences.length === 0) return []
  const rows = differenceRows(differences, measuredDifference)
  return [{ title: 'What differs over the seeds', says: differencesSay(differences), columns: DIFFERENCE_COLUMNS, rows }]
}

function settingsTable({ run, label }: ReportedRun, isOneOfMany: boolean): ReportTable {
  const rows = allSettingsOf(run.configuration).flatMap(({ title, settings }) =>
    settings.map(([name, text], i) => [i === 0 ? title : '', name, text]),
  )
  const { dataHash } = run.configuration
  const hash = dataHash === undefined ? [] : [['', 'Hash of the data set, SHA-256', dataHash]]
  const versions = Object.entries(run.versions).map(([name, version], i) => [i === 0 ? 'Made with' : '', name, version])
  return {
    title: `Settings${isOneOfMany ? ` of ${label}` : ''}`,
    columns: ['', 'setting', 'value'],
    rows: [...rows, ...hash, ...versions],
  }
}

function unitsTable({ run, label, epochs }: ReportedRun, isOneOfMany: boolean): ReportTable {
  const ratios = epochs[epochs.length - 1]?.ratios
  const figures = (values: Float32Array | undefined, i: number): string => {
    const value = values?.[i]
    return value === undefined ? '–' : measured({ form: 'number' }, value)
  }
  return {
    title: `Network${isOneOfMany ? ` of ${label}` : ''}: ${run.configuration.network.name}`,
    columns: ['', 'unit', 'kind', 'input', 'mean ratio', 'least', 'greatest'],
    rows: run.units.map(({ name, kind, shape }, i) => [
      ...[String(i + 1), name, kind, shape.join(' × ')],
      ...[figures(ratios?.mean, i), figures(ratios?.min, i), figures(ratios?.max, i)],
    ]),
  }
}

function profileOf({ run, label, epochs }: ReportedRun, isOneOfMany: boolean): ReportProfile[] {
  const last = epochs[epochs.length - 1]
  if (!last || last.ratios.mean.length !== run.units.length || run.units.length === 0) return []
  const numbers = (values: Float32Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isFinite(value) ? value : null))
  const { mean, min, max } = last.ratios
  return [
    {
      title: `Ratio per block${isOneOfMany ? `, ${label}` : ''}, epoch ${last.epoch}`,
      epoch: last.epoch,
      units: run.units,
      ...{ mean: numbers(mean), min: numbers(min), max: numbers(max) },
    },
  ]
}

/** The words of the command line that give the same run, and what they do not hold. */
function repeatOf({ run, label }: ReportedRun): ReportRepeat {
  const { preset, network, weights, dataHash, ...settings } = run.configuration
  const words = ['normlab', 'train', preset ?? 'network.json', ...commandLine(settings)]
  const notes = [
    ...(preset === undefined ? [`network.json is the document of “${network.name}”, at the end of this report`] : []),
    ...(dataHash === undefined
      ? []
      : [
          `it was trained on the data set ${settings.data.name} of hash ${dataHash.slice(0, 12)}…: normlab datasets show tells another one’s`,
        ]),
    ...(run.notices.some(({ message }) => tellsStretch(message))
      ? ['it had fewer steps at first, and its schedule was stretched on the way: the command alone makes another run']
      : []),
    ...(weights === undefined ? [] : ['it began with the weights of a file, which --weights FILE names']),
  ]
  return { title: label, command: shellWords(words), note: notes.join('; ') }
}

function documentsOf(runs: readonly ReportedRun[]): Report['documents'] {
  const own = runs.flatMap(({ run: { configuration } }) => (configuration.preset === undefined ? [configuration.network] : []))
  return [...new Map(own.map((network) => [network.name, JSON.stringify(network, null, 2)]))].map(([name, text]) => ({
    name,
    text,
  }))
}

const repeatExperiment = (id: number, name: string): ReportRepeat => ({
  title: `the experiment “${name}”`,
  command: shellWords(['normlab', 'experiment', String(id)]),
  note: 'in the data folder where it lies: it goes on with what is missing',
})
