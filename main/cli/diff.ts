import type { Lab } from '../../shared/api'
import { type DocumentTotals, differenceOfTotals, documentDifference, resolveNetwork } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { type Command, jsonLine } from './command'
import { grouped, table } from '../text/format'
import { anyNetwork, netArgument } from './network-choice'

/** The document that NET is. @throws UserError that names the file, the word or the library's item. */
export const networkOf = async (lab: () => Lab, text: string): Promise<NetworkDocument> =>
  resolveNetwork(await anyNetwork(lab, text)).document

export const diff: Command = {
  words: 'diff',
  description: 'what differs between two networks, node by node',
  arguments: [
    { ...netArgument, name: 'NET1' },
    { name: 'NET2', description: 'another' },
  ],
  examples: ['normlab diff resnet-20 resnet-110', 'normlab diff before.json after.json --json'],
  async run({ lab, words, output, json }) {
    const before = await networkOf(lab, words.argument('NET1'))
    const after = await networkOf(lab, words.argument('NET2'))
    const differences = documentDifference(before, after)
    const totals = differenceOfTotals(before, after)
    if (json) output.print([...differences, { totals }].map(jsonLine).join(''))
    else {
      const lines = differences.map(({ text }) => `${text}\n`).join('') || 'nothing differs\n'
      output.print(`${lines}\n${totalsText(totals)}`)
    }
    return 0
  },
}

function totalsText({ before, after }: { before: DocumentTotals | null; after: DocumentTotals | null }): string {
  const cell = (totals: DocumentTotals | null, of: keyof DocumentTotals): string => (totals ? grouped(totals[of]) : 'has errors')
  const row = (title: string, of: keyof DocumentTotals): string[] => [title, cell(before, of), cell(after, of)]
  return table([
    ['', 'before', 'after'],
    row('parameters', 'parameters'),
    row('operations an image (forward)', 'flops'),
    row('depth, layers', 'depth'),
    row('units', 'units'),
  ])
}
