import { countWords } from '../../shared/count-words'
import { dataFolder } from '../store/home'
import { checkStore } from '../store/check'
import { repairStore } from '../store/repair'
import { type Command, jsonLine } from './command'

/** A remedy as a sentence; a command in it stays as it is typed. */
const capital = (text: string): string => (text.startsWith('normlab ') ? text : text.charAt(0).toUpperCase() + text.slice(1))

const check: Command = {
  words: 'store check',
  description: 'looks through the run store for damage; nothing is changed',
  examples: ['normlab store check'],
  run({ words, output, json }) {
    const found = checkStore(dataFolder(words.text('home')))
    if (json) output.print(jsonLine(found))
    else if (found.problems.length === 0) output.print(`${found.file} is whole: ${countWords(found.runs, 'run')}.\n`)
    else output.print(found.problems.map((problem) => `${problem}\n`).join('') + `\n${capital(found.remedy ?? '')}.\n`)
    return Promise.resolve(found.problems.length === 0 ? 0 : 2)
  },
}

const repair: Command = {
  words: 'store repair',
  description: 'makes a new run store of all that can be read of a damaged one, which is kept beside it',
  examples: ['normlab store repair'],
  run({ words, output, json }) {
    const repaired = repairStore(dataFolder(words.text('home')))
    const { runs, steps, lost, kept } = repaired
    if (json) output.print(jsonLine(repaired))
    else if (kept === undefined)
      output.print(
        lost.map((what) => `Lost: ${what}.\n`).join('') +
          (repaired.isThere
            ? 'The store is whole, and nothing was to be repaired.\n'
            : 'There is no store yet, and nothing to repair.\n'),
      )
    else
      output.print(
        `The new store has ${countWords(runs, 'run')} with ${countWords(steps, 'step')}.\n${lost.map((what) => `Lost: ${what}.\n`).join('')}` +
          `The old one is kept as ${kept}.\n`,
      )
    return Promise.resolve(0)
  },
}

export const storeCommands: readonly Command[] = [check, repair]
