import path from 'node:path'
import { convertTo, countParameters, expand, type Form, recommendedRepairs } from '../../shared/architecture'
import type { PresetInfo } from '../../shared/api'
import { writeFile } from '../files/write-file'
import { type Command, jsonLine } from './command'
import { networkOf } from './diff'
import { grouped } from '../text/format'
import { netArgument } from './network-choice'

export const convert: Command = {
  words: 'convert',
  description: 'a network in another form: the paper’s, that of its first version, or with learned shortcuts',
  arguments: [netArgument],
  options: [
    { name: 'to', value: 'projected|l2-pooling|learned', description: 'the form', required: true },
    { name: 'out', value: 'FILE', description: 'where the document goes', required: true },
  ],
  examples: ['normlab convert resnet-20 --to projected --out resnet-20-projected.json'],
  async run({ lab, words, output, json }) {
    const document = convertTo(await networkOf(lab, words.argument('NET')), words.text('to') as Form)
    const file = path.resolve(words.text('out')!)
    writeFile(file, JSON.stringify(document, null, 2) + '\n')
    const parameters = countParameters(expand(document))
    const recommended = recommendedRepairs(document)
    if (json) output.print(jsonLine({ file, name: document.name, parameters, recommended }))
    else output.print(`${file}: ${document.name}, ${grouped(parameters)} parameters\n${trainingText(file, recommended)}`)
    return 0
  },
}

/** How a network of that form is meant to be trained. */
function trainingText(file: string, { projection, whitening, nesterov, init }: PresetInfo['recommended']): string {
  const options = [
    ...(projection === 'none' ? [] : [` --project ${projection}`]),
    ...(whitening ? [' --whiten'] : []),
    ...(nesterov ? [' --optimizer nesterov'] : []),
    ...(init === 'he-fan-in' ? [] : [` --init ${init}`]),
  ]
  return `meant to be trained with: normlab train ${file} --data NAME${options.join('')}\n`
}
