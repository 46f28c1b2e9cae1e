import path from 'node:path'
import { plainText } from '../../shared/run-labels'
import type { LibraryItem } from '../../shared/library'
import { writeFile } from '../files/write-file'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { table } from '../text/format'
import { readNetworkFile } from '../files/network-file'
import { exportForeign, importForeign, isForeign } from './foreign-network'
import { UserError } from '../../shared/errors'
import { formOfName, NetworkForm } from '../../shared/network-forms'

const id = { name: 'ID', description: 'the item’s number' }
const itemNumber = (words: Parsed): number => wholeNumber(words.argument('ID'), 'ID', 1)

const kindOf = ({ document }: LibraryItem): string => (document.format === 'normlab/block' ? 'block' : 'network')
const minute = (time: string): string => time.slice(0, 16).replace('T', ' ')

const list: Command = {
  words: 'library list',
  description: 'your own networks and blocks, newest change first',
  examples: ['normlab library list'],
  async run({ lab, output, json }) {
    const items = await lab().request('library.list', {})
    const rows = items.map((item) => [
      `${String(item.id).padStart(3)}  ${plainText(item.name, 60)}`,
      ...[kindOf(item), String(item.versions), item.weights?.name ?? '–', minute(item.changedAt)],
    ])
    if (json) output.print(items.map((item) => jsonLine({ ...item, document: undefined, kind: kindOf(item) })).join(''))
    else if (items.length === 0) output.print('The library is empty; normlab library import net.json puts a network into it.\n')
    else output.print(table([['item  name', 'kind', 'versions', 'weights', 'changed'], ...rows]))
    return 0
  },
}

const show: Command = {
  words: 'library show',
  description: 'an item of the library with its versions; with --json its document too',
  arguments: [id],
  examples: ['normlab library show 2'],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const item = await lab.request('library.show', { id: itemNumber(words) })
    const versions = await lab.request('library.versions', { id: item.id })
    if (json) {
      output.print(jsonLine({ ...item, versions: versions.map(({ document: _, ...version }) => version) }))
      return 0
    }
    output.print(
      `Item ${item.id}: ${plainText(item.name)}, a ${kindOf(item)}, made ${minute(item.createdAt)}, changed ${minute(item.changedAt)}\n`,
    )
    if (item.weights) output.print(`Weights: ${plainText(item.weights.name)}, since ${minute(item.weights.at)}\n`)
    for (const { at, note } of versions) output.print(`Version of ${minute(at)}${note ? `: ${note}` : ''}\n`)
    return 0
  },
}

const exportCommand: Command = {
  words: 'library export',
  description: 'writes an item’s document to a file, or the network with its weights for another program',
  arguments: [{ name: 'ID', description: 'the item’s number, or run:3 for a run’s network with its newest checkpoint' }],
  options: [
    {
      name: 'out',
      value: 'FILE',
      description: 'the file to write: .json, or with weights .onnx, .keras or .py (PyTorch)',
      required: true,
    },
    { name: 'as', value: 'FORM', description: 'the form where the ending does not say it, as keras-source for a .py' },
  ],
  examples: ['normlab library export 2 --out net.json', 'normlab library export run:3 --out net.py'],
  async run({ lab, words, output, json }) {
    const out = path.resolve(words.text('out')!)
    const asked = words.text('as')
    const form = asked === undefined ? formOfName(out) : formNamed(asked)
    if (form !== undefined || words.argument('ID').startsWith('run:'))
      return exportForeign(lab(), words.argument('ID'), form, out, output, json)
    const { document } = await lab().request('library.show', { id: itemNumber(words) })
    writeFile(out, `${JSON.stringify(document, null, 2)}\n`)
    output.print(json ? jsonLine({ path: out }) : `${out}\n`)
    return 0
  },
}

function formNamed(word: string): NetworkForm {
  const form = NetworkForm.safeParse(word)
  if (form.success) return form.data
  throw new UserError(`there is no form "${word}"`, { place: '--as', remedy: `use one of ${NetworkForm.options.join(', ')}` })
}

const importCommand: Command = {
  words: 'library import',
  description:
    'puts a network or a block into the library, as a new item: a document, or what another program wrote, with its weights',
  arguments: [
    {
      name: 'FILE',
      description:
        'the document (.json), an ONNX file (.onnx), a Keras 3 file (.keras) or what the recorder’s export_network wrote (.fx)',
    },
  ],
  examples: ['normlab library import net.json', 'normlab library import resnet18.onnx'],
  async run({ lab: open, words, output, json }) {
    const file = words.argument('FILE')
    if (isForeign(file)) return importForeign(open(), path.resolve(file), output, json)
    const document = readNetworkFile(file)
    const item = await open().request('library.save', { document })
    const use = kindOf(item) === 'network' ? `; normlab train library:${item.id} trains it` : ''
    output.print(json ? jsonLine({ ...item, document: undefined }) : `It is item ${item.id}: ${plainText(item.name)}${use}.\n`)
    return 0
  },
}

const deleteCommand: Command = {
  words: 'library delete',
  description: 'takes an item out of the library; the app can bring it back for thirty days',
  arguments: [id],
  examples: ['normlab library delete 2'],
  async run({ lab, words, output, json }) {
    const item = itemNumber(words)
    await lab().request('library.delete', { ids: [item] })
    output.print(json ? jsonLine({ deleted: item }) : `Item ${item} is deleted.\n`)
    return 0
  },
}

export const libraryCommands: readonly Command[] = [list, show, exportCommand, importCommand, deleteCommand]
