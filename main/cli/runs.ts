import path from 'node:path'
import type { RunSummary } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { splitsOf } from '../../shared/data-splits'
import { plainName, plainText } from '../../shared/run-labels'
import { NO_NAME } from '../store/bundle-format'
import { measureOf } from '../../shared/measures'
import { momentWord, titleOf } from '../../shared/measures/values'
import { doubtedText, doubtsOf } from '../../shared/run-doubts'
import { originFacts, originWords } from '../../shared/run-origin'
import { epochFields } from '../lab/json-records'
import { RUN_FORMATS, type RunFormat } from '../../shared/run-files'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { measured, percent, table } from '../text/format'
import { deletionCommands, printDeleted } from './runs-deletion'
import { runName } from './run-name'
import { ratioTable } from './ratio-table'
import { testedLine } from './tested-line'
import { spectraLines, spectraTable } from './run-spectra'

const id = { name: 'RUN', description: 'the run’s number' }

function runNumber(words: Parsed): number {
  return wholeNumber(words.argument('RUN'), 'RUN', 1)
}

/** A run's summary as JSON has it: numbers that JSON lacks become null by themselves. */
export function summaryFields(summary: RunSummary): Record<string, unknown> {
  const { spark: _spark, settings, ...told } = summary
  return { ...told, splits: splitsOf(settings) }
}

const list: Command = {
  words: 'runs list',
  description: 'the runs of the data folder, newest first',
  options: [{ name: 'deleted', description: 'those that were deleted instead, and can be restored' }],
  examples: ['normlab runs list', 'normlab runs list --deleted'],
  async run({ lab, words, output, json }) {
    if (words.flag('deleted')) {
      printDeleted(await lab().request('runs.deleted', {}), output, json)
      return 0
    }
    const runs = await lab().request('runs.list', {})
    if (json) output.print(runs.map((run) => jsonLine(summaryFields(run))).join(''))
    else if (runs.length === 0) output.print('There are no runs yet; normlab train proc-resnet:blocks=3 --steps 200 makes one.\n')
    else output.print(table([...LIST_HEAD, ...runs.map(runRow)]))
    if (!json) output.print(doubtedText(runs))
    const unreadable = runs.filter((run) => run.unreadable.length > 0).map((run) => run.id)
    if (!json && unreadable.length > 0)
      output.print(
        `\nNot all can be read of ${unreadable.length === 1 ? 'run' : 'runs'} ${unreadable.join(', ')}; runs show says what.\n`,
      )
    return 0
  },
}

/** Measures that the list has room for: the same ones, of the same moments, as in the app. */
const LISTED = ['trainLoss', 'testAccuracy', 'chainRatio'] as const
/** Beneath a measure's name, the moment that its values are of. */
const LIST_HEAD: readonly string[][] = [
  ['run  name', 'state', 'data', 'steps', ...LISTED.map((name) => titleOf(measureOf(name))), 'begun'],
  ['', '', '', '', ...LISTED.map((name) => momentWord(measureOf(name))), ''],
]

function runRow({ id, name, state, dataset, progress, measures, createdAt }: RunSummary): string[] {
  return [
    `${String(id).padStart(3)}  ${plainName(name, 60)}`,
    ...[state, dataset, progress.steps > 0 ? `${progress.step}/${progress.steps}` : String(progress.step)],
    ...LISTED.map((name) => measured(measureOf(name), measures[name])),
    createdAt.slice(0, 16).replace('T', ' '),
  ]
}

const show: Command = {
  words: 'runs show',
  description: 'a run’s settings, results and ratios',
  arguments: [id],
  options: [{ name: 'spectra', description: 'instead, the singular values of its layers that it looked at while it trained' }],
  examples: ['normlab runs show 3', 'normlab runs show 3 --spectra'],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const run = runNumber(words)
    if (words.flag('spectra')) {
      const spectra = await lab.request('runs.spectra', { run })
      output.print(json ? spectraLines(spectra) : spectraTable(spectra))
      return 0
    }
    const { configuration, units, annotations, dataFault, ...summary } = await lab.request('runs.show', { run })
    const epochs = await lab.request('runs.epochs', { run })
    if (json) {
      output.print(
        jsonLine({
          ...summaryFields(summary),
          units: units.map(({ name }) => name),
          configuration,
          dataFault,
          epochs: epochs.map((epoch) => epochFields(epoch, units)),
        }),
      )
      return 0
    }
    const { network, origin, ...settings } = configuration
    if (summary.tags.length > 0) output.print(`Tags: ${summary.tags.map((tag) => plainText(tag)).join(', ')}\n`)
    if (summary.note) output.print(`${plainText(summary.note)}\n`)
    for (const { step, unit, text } of annotations)
      output.print(`Step ${step}${unit === null ? '' : `, ${plainText(units[unit]?.name ?? '')}`}: ${plainText(text)}\n`)
    const state = [summary.state, ...doubtsOf(summary)].join(', ')
    output.print(`Run ${run}: ${plainText(summary.name)}, ${state}, ${summary.progress.step} steps, begun ${summary.createdAt}\n`)
    if (summary.problem) output.print(`${plainText(summary.problem.message)}\n`)
    for (const what of summary.unreadable) output.print(`Not all of it can be read: ${what}\n`)
    if (dataFault !== null) output.print(`It cannot go on as it is: ${plainText(dataFault)}\n`)
    for (const { step, at, message } of summary.notices)
      output.print(`${at.slice(0, 16).replace('T', ' ')}, after step ${step}: ${plainText(message)}\n`)
    if (origin) output.print(`It was trained elsewhere: ${plainText(originWords(origin))}\n`)
    output.print(testedLine(summary, configuration))
    if (summary.measures.waited !== null)
      output.print(`Waited for data: ${percent(summary.measures.waited)} of the last steps’ time\n`)
    const told = origin ? originFacts(origin).map(([name, text]) => [plainText(name), plainText(text)]) : plainFields(settings)
    const lines = [['network', plainText(network.name)], ...told, ...plainFields(summary.versions, 'version')]
    const width = Math.max(...lines.map(([name]) => name!.length))
    output.print(`${lines.map(([name, text]) => `${name!.padEnd(width)}  ${text}\n`).join('')}\n`)
    const { measuredStep } = summary.last
    const [first] = await lab.request('runs.steps', { run, from: 1, to: 1 })
    const [last] = measuredStep > 0 ? await lab.request('runs.steps', { run, from: measuredStep, to: measuredStep }) : []
    if (first && last && epochs.length > 0) output.print(ratioTable(units, epochs, first, last))
    return 0
  },
}

/** Nested settings as one `path  value` a line. */
function plainFields(value: unknown, path = ''): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, Array.isArray(value) ? value.join(', ') || 'none' : String(value)]]
  return Object.entries(value).flatMap(([name, field]) => plainFields(field, path ? `${path}.${name}` : name))
}

const exportCommand: Command = {
  words: 'runs export',
  description: 'writes a run’s records to a file; in JSON, NaN and infinities are null',
  arguments: [id],
  options: [
    { name: 'out', value: 'FILE', description: 'the file to write', required: true },
    {
      name: 'format',
      value: 'json|csv|bundle|tensorboard',
      description: 'its format, where the file’s ending does not say it; a bundle holds all, weights too, for runs import',
    },
    { name: 'spectra', description: 'as CSV: the spectra that it looked at while it trained, a row a step and layer' },
  ],
  examples: [
    'normlab runs export 3 --out run3.csv',
    'normlab runs export 3 --spectra --out spectra.csv',
    'normlab runs export 3 --out run3.normlab',
    'normlab runs export 3 --format tensorboard --out logs/run3.tfevents',
  ],
  async run({ lab, words, output, json }) {
    const out = path.resolve(words.text('out')!)
    const format = (words.text('format') ?? formatOf(out)) as RunFormat
    const spectra = words.flag('spectra')
    const answer = await lab().request('runs.export', { run: runNumber(words), out, format, spectra })
    output.print(json ? jsonLine(answer) : `${answer.steps} ${spectra ? 'looks' : 'steps'} in ${answer.path}\n`)
    return 0
  },
}

/** @throws UserError for an ending that is none of a form's: it would be a surprise to find JSON there. */
function formatOf(file: string): string {
  const format = /\.(csv|json|normlab|tfevents)$/i.exec(file)?.[1]?.toLowerCase()
  if (!format)
    throw new UserError('the ending says neither csv, json, normlab nor tfevents', {
      place: file,
      remedy: 'end it in .csv, .json, .normlab or .tfevents, or add --format',
    })
  return Object.entries(RUN_FORMATS).find(([, ending]) => ending === format)![0]
}

const rename: Command = {
  words: 'runs rename',
  description: 'gives a run another name',
  arguments: [id, { name: 'NAME', description: 'the new name' }],
  examples: ['normlab runs rename 3 "wide, projected"'],
  async run({ lab, words, output, json }) {
    const name = runName(words.argument('NAME'), 'NAME')
    const summary = await lab().request('runs.rename', { run: runNumber(words), name })
    output.print(json ? jsonLine(summaryFields(summary)) : `Run ${summary.id} is now called ${plainText(summary.name)}.\n`)
    return 0
  },
}

const importCommand: Command = {
  words: 'runs import',
  description: 'takes in a run: a bundle of runs export or of a recorder, or TensorBoard’s event files',
  arguments: [{ name: 'PATH', description: 'the bundle, an event file, or a folder of event files' }],
  examples: ['normlab runs import run3.normlab', 'normlab runs import logs/resnet18'],
  async run({ lab, words, output, json }) {
    const summary = await lab().request('runs.import', { file: path.resolve(words.argument('PATH')) })
    output.print(
      json ? jsonLine(summaryFields(summary)) : `It is run ${summary.id}: ${plainText(summary.name)}.\n${reported(summary)}`,
    )
    return 0
  },
}

/** What was noted of a bundle whose run had no name; of a run that was trained elsewhere what was taken and what was left. */
function reported({ notices, origin }: RunSummary): string {
  if (origin) return notices.map(({ message }) => `${plainText(message)}\n`).join('')
  const last = notices[notices.length - 1]
  return last?.message.startsWith(NO_NAME) ? `${plainText(last.message)}\n` : ''
}

export const runCommands: readonly Command[] = [list, show, exportCommand, importCommand, ...deletionCommands, rename]
