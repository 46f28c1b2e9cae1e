import path from 'node:path'
import type { NetworkSummary, PresetInfo } from '../../shared/api'
import { inspectNetwork, listPresets } from '../../shared/architecture'
import { type Recipe, recipes } from '../../shared/recipes'
import { Catalogue } from '../datasets/catalogue'
import { chooseNetwork } from '../lab/start'
import { dataFolder } from '../store/home'
import { type Command, jsonLine } from './command'
import { grouped, table } from '../text/format'
import { anyNetwork, netArgument } from './network-choice'

export const presets: Command = {
  words: 'presets',
  description: 'the presets, their options and the papers they come from',
  examples: ['normlab presets'],
  run({ output, json }) {
    const all = listPresets()
    output.print(json ? all.map(jsonLine).join('') : all.map(presetText).join('\n'))
    return Promise.resolve(0)
  },
}

function presetText({ name, title, description, depth, example, options }: PresetInfo): string {
  const rows = options.map((option) => `    ${`${option.name}=${option.default}`.padEnd(24)}  ${option.description}\n`).join('')
  return `${name}: ${title}\n  ${description}\n  for example ${example}${depth ? `, or ${name}-N with N = ${depth}` : ''}\n${rows}`
}

export const recipeList: Command = {
  words: 'recipes',
  description: 'published settings for train --recipe, and where they come from',
  examples: ['normlab recipes'],
  run({ output, json }) {
    const text = ({ name, title, source }: Recipe): string => `${name.padEnd(16)}${title}; ${source}\n`
    output.print(recipes.map((recipe) => (json ? jsonLine(recipe) : text(recipe))).join(''))
    return Promise.resolve(0)
  },
}

export const inspect: Command = {
  words: 'inspect',
  description: 'a network’s layers, shapes, parameters and operations',
  arguments: [netArgument],
  options: [{ name: 'data', value: 'NAME', description: 'take the image shape and the classes of this data set' }],
  examples: ['normlab inspect proc-resnet-166', 'normlab inspect net.json --json'],
  async run({ lab, words, output, json }) {
    const dataset = words.text('data')
    const network = await anyNetwork(lab, words.argument('NET'))
    // The lab is not asked: this needs no store.
    const known = new Catalogue(path.join(dataFolder(words.text('home')), 'datasets'))
    const summary = inspectNetwork(chooseNetwork(network, dataset === undefined ? undefined : known.describe(dataset)).document)
    output.print(json ? jsonLine({ ...summary, document: undefined }) : networkText(summary))
    return 0
  },
}

function networkText({ name, nodes, blocks, parameters, flops, units, layers }: NetworkSummary): string {
  const layerRows = layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.shape.join('×') || '1',
    grouped(layer.parameters),
    grouped(layer.flops),
  ])
  const unitRows = units.map((unit) => [unit.name, unit.kind, unit.shape.join('×')])
  return [
    `${name}: ${grouped(nodes)} layers, ${grouped(blocks)} blocks, ${grouped(parameters)} parameters, ${grouped(flops)} operations an image (forward)\n`,
    table([['unit', 'kind', 'enters'], ...unitRows]),
    table([['layer', 'kind', 'output', 'parameters', 'operations'], ...layerRows]),
  ].join('\n')
}
