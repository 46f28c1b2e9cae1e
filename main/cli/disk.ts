import { countWords } from '../../shared/count-words'
import { plainName } from '../../shared/run-labels'
import { wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { size, table } from '../text/format'

/** Runs that the table names; the smaller ones are summed up. */
const MOST = 40

const use: Command = {
  words: 'disk',
  description: 'what the data folder takes of the disk, by part and by run, and what of it can be given back',
  examples: ['normlab disk'],
  async run({ lab, output, json }) {
    const { runs, parts, total, free } = await lab().request('disk.use', {})
    if (json) {
      output.print(jsonLine({ runs, parts, total, free }))
      return 0
    }
    output.print(table(parts.map(({ name, files, bytes, says }) => [name, size(bytes), countWords(files, 'file'), says])))
    output.print(`${size(total)} in all${free === null ? '' : `, ${size(free)} free`}\n`)
    if (runs.length === 0) return 0
    const rest = runs.slice(MOST).reduce((sum, { records, checkpoints }) => sum + records + checkpoints, 0)
    output.print(
      '\n' +
        table([
          ['run', 'name', 'records', 'checkpoints', 'spare', ''],
          ...runs
            .slice(0, MOST)
            .map(({ run, name, records, checkpoints, spare, isDeleted }) => [
              ...[String(run), plainName(name, 48), size(records), size(checkpoints), spare > 0 ? size(spare) : '–'],
              isDeleted ? 'deleted' : '',
            ]),
        ]),
    )
    if (rest > 0) output.print(`and ${runs.length - MOST} smaller ones, ${size(rest)}\n`)
    const spare = runs.reduce((sum, run) => sum + run.spare, 0)
    if (spare > 0) output.print(`\nnormlab disk free RUN… gives back the spare checkpoints, ${size(spare)} in all.\n`)
    return 0
  },
}

const free: Command = {
  words: 'disk free',
  description: 'removes the checkpoints of runs but for the newest, and the best where it is kept; or the caches',
  arguments: [{ name: 'RUN…', description: 'the runs’ numbers', many: true, optional: true }],
  options: [{ name: 'caches', description: 'removes what is computed again when it is asked for' }],
  examples: ['normlab disk free 3 4', 'normlab disk free --caches'],
  async run({ lab: open, words, output, json }) {
    const runs = words.arguments('RUN…').map((word) => wholeNumber(word, 'RUN', 1))
    const lab = open()
    let bytes = 0
    if (runs.length > 0) bytes += (await lab.request('disk.free', { runs })).bytes
    if (words.flag('caches')) bytes += (await lab.request('disk.clear-caches', {})).bytes
    output.print(json ? jsonLine({ bytes }) : bytes > 0 ? `${size(bytes)} freed.\n` : 'There was nothing to give back.\n')
    return 0
  },
}

export const diskCommands: readonly Command[] = [use, free]
