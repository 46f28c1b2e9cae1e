import path from 'node:path'
import { writeFile } from '../files/write-file'
import { diagnostics } from '../lab/diagnostics'
import { elsewhereFile, keepElsewhere } from '../store/elsewhere'
import { dataFolder, makeDataFolder, usualFolder } from '../store/home'
import { finishMove } from '../store/move'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const backup: Command = {
  words: 'backup',
  description:
    'writes all that the data folder keeps into one file: runs, checkpoints, weights, data sets; labs may be at work on it meanwhile',
  arguments: [{ name: 'FILE', description: 'the backup, a tar file' }],
  options: [{ name: 'without-datasets', description: 'leaves the data sets out' }],
  examples: ['normlab backup runs.normlab.tar', 'normlab backup small.normlab.tar --without-datasets'],
  async run({ engine, words, output, json }) {
    const input = { file: path.resolve(words.argument('FILE')), withoutDatasets: words.flag('without-datasets') }
    const written = await finishJob(output, json, (tell) => engine().start('keeping.backup', input, tell), 'nothing was written')
    output.print(
      json
        ? jsonLine(written)
        : `${written.runs} runs in ${written.files} files, ${megabytes(written.bytes)}, are in ${written.path}.\n`,
    )
    return 0
  },
}

const restoring: Command = {
  words: 'restore',
  description: 'makes a data folder of a backup, once all of it was found whole; one that is there is never written over',
  arguments: [{ name: 'FILE', description: 'the backup' }],
  examples: ['normlab restore runs.normlab.tar', 'normlab restore runs.normlab.tar --home ~/moved'],
  async run({ engine, words, output, json }) {
    const input = { file: path.resolve(words.argument('FILE')), home: dataFolder(words.text('home')) }
    const restored = await finishJob(output, json, (tell) => engine().start('keeping.restore', input, tell), 'nothing was kept')
    output.print(json ? jsonLine(restored) : `${restored.runs} runs of ${restored.at} are in ${restored.home}.\n`)
    return 0
  },
}

const moving: Command = {
  words: 'move',
  description:
    'copies the data folder to a new place and uses it from then on; the old one stays as it is, to be deleted by hand',
  arguments: [{ name: 'FOLDER', description: 'the new place: a folder that is not there yet, or empty' }],
  examples: ['normlab move /mnt/large/normlab'],
  async run({ engine, words, output, json }) {
    const from = makeDataFolder(dataFolder(words.text('home')))
    const target = path.resolve(words.argument('FOLDER'))
    const { bytes } = await finishJob(
      output,
      json,
      (tell) => engine().start('keeping.move', { home: target }, tell),
      'nothing was kept there',
    )
    const { runs } = finishMove(from, target)
    const isNamed = (words.text('home') ?? process.env['NORMLAB_HOME'] ?? '') !== ''
    if (!isNamed) keepElsewhere(elsewhereFile(), target, usualFolder())
    const next = isNamed ? 'Name it with NORMLAB_HOME or --home from now on' : 'NormLab uses it from now on'
    output.print(json ? jsonLine({ home: target, runs, bytes, isUsed: !isNamed }) : `${runs} runs and all that belongs to them are in ${target}. ${next}; ${from} can be deleted.\n`) // prettier-ignore
    return 0
  },
}

const telling: Command = {
  words: 'diagnostics',
  description: 'writes what somebody who helps needs to know into one text, without names, paths and tokens',
  arguments: [{ name: 'FILE', description: 'the text; - for standard output' }],
  examples: ['normlab diagnostics normlab.txt'],
  async run({ engine, words, output, json }) {
    const { checks } = await engine().request('lab.doctor', {})
    const text = diagnostics(dataFolder(words.text('home')), checks)
    const file = words.argument('FILE')
    if (file === '-') {
      output.print(text)
      return 0
    }
    writeFile(path.resolve(file), text)
    output.print(
      json ? jsonLine({ path: path.resolve(file) }) : `Written to ${path.resolve(file)}. Read it before you send it.\n`,
    )
    return 0
  },
}

export const keepingCommands: readonly Command[] = [backup, restoring, moving, telling]
