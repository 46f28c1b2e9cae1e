import type { DeletedRun } from '../../shared/api'
import { plainText } from '../../shared/run-labels'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, type Output, jsonLine } from './command'
import { size, table } from '../text/format'

const id = { name: 'RUN', description: 'the run’s number' }
const runNumber = (words: Parsed): number => wholeNumber(words.argument('RUN'), 'RUN', 1)

const day = (time: string): string => time.slice(0, 10)

const deleteCommand: Command = {
  words: 'runs delete',
  description: 'takes a run out of the list; runs restore brings it back for thirty days',
  arguments: [id],
  options: [{ name: 'now', description: 'removes it at once, with all its records and files, and gives their space back' }],
  examples: ['normlab runs delete 3', 'normlab runs delete 3 --now'],
  async run({ lab, words, output, json }) {
    const run = runNumber(words)
    const { bytes, purgedAt } = await lab().request('runs.delete', { run, now: words.flag('now') })
    const told =
      purgedAt === null
        ? `Run ${run} is gone, with ${size(bytes)}.\n`
        : `Run ${run} is deleted. normlab runs restore ${run} brings it back until ${day(purgedAt)}; then its ${size(bytes)} are free.\n`
    output.print(json ? jsonLine({ deleted: run, bytes, purgedAt }) : told)
    return 0
  },
}

const restore: Command = {
  words: 'runs restore',
  description: 'brings a deleted run back',
  arguments: [id],
  examples: ['normlab runs restore 3'],
  async run({ lab, words, output, json }) {
    const { spark: _spark, settings: _settings, ...told } = await lab().request('runs.restore', { run: runNumber(words) })
    output.print(json ? jsonLine(told) : `Run ${told.id} is back: ${plainText(told.name)}.\n`)
    return 0
  },
}

const purge: Command = {
  words: 'runs purge',
  description: 'removes deleted runs for good, all of them or those that are named',
  arguments: [{ ...id, many: true, optional: true }],
  examples: ['normlab runs purge', 'normlab runs purge 3 4'],
  async run({ lab, words, output, json }) {
    const runs = words.arguments('RUN').map((word) => wholeNumber(word, 'RUN', 1))
    const { bytes } = await lab().request('runs.purge', runs.length > 0 ? { runs } : {})
    output.print(json ? jsonLine({ bytes }) : bytes > 0 ? `${size(bytes)} freed.\n` : 'There was nothing to remove.\n')
    return 0
  },
}

/** What `runs list --deleted` prints. */
export function printDeleted(runs: readonly DeletedRun[], output: Output, json: boolean): void {
  if (json) output.print(runs.map(({ spark: _spark, settings: _settings, ...told }) => jsonLine(told)).join(''))
  else if (runs.length === 0) output.print('No deleted run is kept.\n')
  else
    output.print(
      table([
        ['run  name', 'state', 'deleted', 'gone for good', 'size'],
        ...runs.map(({ id, name, state, deletedAt, purgedAt, bytes }) => [
          ...[`${String(id).padStart(3)}  ${plainText(name, 60)}`, state, day(deletedAt ?? ''), day(purgedAt), size(bytes)],
        ]),
      ]),
    )
}

export const deletionCommands: readonly Command[] = [deleteCommand, restore, purge]
