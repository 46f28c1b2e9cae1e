import type { DatasetDetail } from '../../shared/api'
import { madeKinds } from '../../shared/datasets/made'
import type { Command } from './command'
import { finishJob } from './follow-job'

/** @param show How a set is told. */
export function createCommand(show: (set: DatasetDetail, json: boolean) => string): Command {
  return {
    words: 'datasets create',
    description: `keeps a set that is made by program under a name: ${madeKinds.map(({ name }) => name).join(', ')}, with numbers behind a colon`,
    arguments: [{ name: 'WORDS', description: 'a kind with its numbers, as in spirals:classes=3,noise=0.1' }],
    options: [{ name: 'name', value: 'NAME', description: 'what to call the set', required: true }],
    examples: [
      'normlab datasets create clusters:classes=8,features=16,noise=0.3,train=5000 --name clouds',
      'normlab train residual-mlp --data spirals:turns=3 --epochs 20',
    ],
    async run({ lab, words, output, json }) {
      const input = { made: words.argument('WORDS'), name: words.text('name')! }
      const set = await finishJob(output, json, (tell) => lab().start('datasets.create', input, tell))
      output.print(show(set, json))
      return 0
    },
  }
}
