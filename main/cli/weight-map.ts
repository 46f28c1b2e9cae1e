import path from 'node:path'
import type { RequestOutput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { WeightMap } from '../../shared/weight-map'
import { writeFile } from '../files/write-file'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { grouped, table } from '../text/format'
import { readJson } from '../files/network-file'
import { anyNetwork, netArgument } from './network-choice'

/** Names of a list that are told. */
const TOLD = 12

export const mapOption = {
  name: 'map',
  value: 'FILE.json',
  description: 'which tensor of the weights is which, where their order does not say; see normlab weights map',
} as const

/** What `--map` says, as a part of a choice of weights. @throws UserError that names the file and the field. */
export function givenMap(words: Parsed): { map?: WeightMap } {
  const file = words.text('map')
  if (file === undefined) return {}
  const read = WeightMap.safeParse(readJson(file))
  if (read.success) return { map: read.data }
  const { path: field, message } = complaintOf(read.error)
  throw new UserError(`${field.length > 0 ? `${field.map(String).join('.')}: ` : ''}${message}`, {
    place: file,
    remedy: 'begin with what normlab weights map --out writes',
  })
}

const file = { name: 'FILE', description: 'safetensors, .npz, or a file of torch.save' }

const map: Command = {
  words: 'weights map',
  description: 'which tensor of a file would be taken for which parameter of a network, what is turned, left out and missing',
  arguments: [netArgument, file],
  options: [mapOption, { name: 'out', value: 'FILE.json', description: 'writes the map, to be corrected and given with --map' }],
  examples: ['normlab weights map resnet-20:shortcut=padding-both,padding=symmetric resnet20.th --out map.json'],
  async run({ lab, engine, words, output, json }) {
    const out = words.text('out')
    const report = await engine().request('weights.map', {
      network: await anyNetwork(lab, words.argument('NET')),
      file: path.resolve(words.argument('FILE')),
      ...givenMap(words),
    })
    if (report.entries.length === 0)
      throw new UserError(
        `nothing in it fits ${report.network}: it has ${grouped(report.leftOut.length)} tensors of other shapes`,
        {
          place: words.argument('FILE'),
          remedy: 'choose the network that the weights are of, with its widths, classes and input',
        },
      )
    if (out !== undefined) writeFile(path.resolve(out), `${JSON.stringify(report.map, null, 2)}\n`)
    output.print(json ? jsonLine(report) : text(report))
    return 0
  },
}

const importCommand: Command = {
  words: 'weights import',
  description: 'keeps weights from a file for a network of the library',
  arguments: [{ name: 'ID', description: 'the item’s number, see normlab library list' }, file],
  options: [mapOption],
  examples: ['normlab weights import 2 resnet20.th'],
  async run({ lab, words, output, json }) {
    const item = await lab().request('weights.import', {
      item: wholeNumber(words.argument('ID').replace(/^library:/, ''), 'ID', 1),
      file: path.resolve(words.argument('FILE')),
      ...givenMap(words),
    })
    const sentence = `Item ${item.id}, “${item.name}”, has the weights of ${item.weights?.name ?? 'the file'} now.\n`
    output.print(json ? jsonLine({ ...item, document: undefined }) : sentence)
    return 0
  },
}

function text(report: RequestOutput<'weights.map'>): string {
  const { network, entries, doubts, missing, missingStatistics, leftOut, remarks } = report
  const rows = entries.map(({ parameter, tensor, shape, isTurned }) => {
    return [parameter, tensor, shape.join('×') || 'a number', isTurned ? 'turned' : '']
  })
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0
      ? []
      : [`${what} (${grouped(names.length)}): ${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? ', …' : ''}`]
  const turned = entries.filter(({ isTurned }) => isTurned).length
  return [
    table([[`of ${network}`, 'tensor of the file', 'shape', ''], ...rows]).trimEnd(),
    `${grouped(entries.length)} tensors are taken, ${grouped(turned)} of them turned from PyTorch’s axes.`,
    ...remarks.map((remark) => `Note: ${remark}.`),
    ...list('Left out', leftOut),
    ...list('Without a tensor', missing),
    ...list('Moving statistics without a tensor', missingStatistics),
    ...doubts.map((doubt) => `Not sure: ${doubt}. Write the map with --out, correct it, and give it with --map.`),
    '',
  ].join('\n')
}

export const weightMapCommands: readonly Command[] = [map, importCommand]
