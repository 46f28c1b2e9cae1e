import { readyBlocks } from '../../shared/architecture/blocks'
import type { NetworkNode } from '../../shared/architecture/document'
import type { LibraryItem } from '../../shared/library'
import { ops } from '../../shared/ops'
import { OP_CATEGORIES, type OpDefinition } from '../../shared/ops/op'
import type { PaletteEntry } from './designer'

/** A part of the palette that folds. */
export interface PaletteSection {
  readonly title: string
  readonly entries: readonly PaletteEntry[]
}

/** Where the user's own blocks stand. */
const OWN_CATEGORY = 'My blocks'

/** Names that people give to layers, as the presets and the papers do: they become part of parameters' names. */
const SHORT_IDS: Readonly<Record<string, string>> = {
  conv2d: 'conv',
  'depthwise-conv2d': 'depthwise',
  'orthogonal-conv2d': 'conv',
  'skew-conv2d': 'conv',
  'reflection-conv2d': 'reflect',
  'batch-norm': 'bn',
  'group-norm': 'gn',
  'layer-norm': 'ln',
  'rms-norm': 'norm',
  'softmax-cross-entropy': 'loss',
  'global-average-pool': 'pool',
  'global-l2-pool': 'pool',
  'average-pool': 'pool',
  'max-pool': 'pool',
  'l2-pool': 'pool',
  concatenate: 'concat',
  'padding-shortcut': 'shortcut',
}

/** What else people call them. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  conv2d: 'convolution conv kernel filter grouped',
  'depthwise-conv2d': 'separable mobilenet',
  'skew-conv2d': 'soc exponential isometry norm-preserving lipschitz',
  'orthogonal-conv2d': 'bcop aoc cayley isometry norm-preserving lipschitz circular',
  'reflection-conv2d': 'householder residual isometry norm-preserving orthogonal jacobian',
  dense: 'linear fully-connected fc head logits',
  'batch-norm': 'batchnorm bn normalization',
  'group-norm': 'groupnorm gn instance normalization',
  'layer-norm': 'layernorm ln normalization token',
  'rms-norm': 'rmsnorm root mean square normalization transformer token',
  attention: 'multi-head self-attention mha transformer softmax query key value',
  position: 'positional encoding transformer vit token patch learned',
  'class-token': 'cls classification register distillation token transformer vit prepend',
  token: 'cls select first pool transformer vit',
  relu: 'rectifier activation',
  'leaky-relu': 'rectifier lrelu',
  'clipped-relu': 'relu6 hardtanh rectifier mobilenet',
  swish: 'silu',
  'hard-swish': 'hardswish hard-silu mobilenet',
  sigmoid: 'logistic gate squeeze excitation',
  'hard-sigmoid': 'hardsigmoid gate mobilenet',
  abs: 'modulus isometry norm-preserving',
  add: 'sum skip residual shortcut plus',
  multiply: 'product times gate squeeze excitation scale',
  concatenate: 'concat join skip densenet',
  channels: 'slice split part subspace',
  'global-average-pool': 'gap mean',
  'average-pool': 'mean downsample',
  'max-pool': 'maximum downsample',
  'l2-pool': 'norm-preserving transition downsample',
  'global-l2-pool': 'norm-preserving',
  duplicate: 'widen repeat channels transition',
  'padding-shortcut': 'option a zero pad downsample skip',
  dropout: 'regularization random',
  input: 'image data start',
  'softmax-cross-entropy': 'loss output end classification',
}

/** One entry a kind of layer, in the registry's order. */
function layerEntry(op: OpDefinition): PaletteEntry {
  return {
    id: `layer:${op.kind}`,
    title: op.title,
    category: op.category,
    description: op.description,
    words: [op.kind, OTHER_WORDS[op.kind] ?? ''].join(' '),
    create: (channels) => {
      const attributes = { ...op.example, ...fitting(op.kind, channels) }
      return [{ id: SHORT_IDS[op.kind] ?? op.kind, kind: op.kind, ...(Object.keys(attributes).length > 0 && { attributes }) }]
    },
  }
}

/** Attributes with which a new layer takes the channels that will enter it. */
function fitting(kind: string, channels: number | null): Record<string, number> {
  if (channels === null) return {}
  if (['conv2d', 'orthogonal-conv2d', 'skew-conv2d'].includes(kind)) return channels >= 8 ? { filters: channels } : {}
  if (kind === 'reflection-conv2d') return { filters: channels }
  if (kind === 'channels') return { count: Math.ceil(channels / 2) }
  if (kind === 'attention') return { heads: [4, 3, 2, 1].find((heads) => channels % heads === 0)! }
  if (kind === 'padding-shortcut') return { filters: 2 * channels }
  if (kind === 'group-norm' && channels % 8 !== 0)
    return { groups: [7, 6, 5, 4, 3, 2, 1].find((groups) => channels % groups === 0)! }
  return {}
}

/** The literature's blocks, in their own order. */
const readyEntries: readonly PaletteEntry[] = readyBlocks.map((ready) => ({
  ...{ id: `ready:${ready.name}`, title: ready.title, category: ready.category },
  ...{ description: ready.description, words: ready.words, create: (channels) => ready.create(channels) },
}))

/** A block of the user's own library. */
function ownEntry({ id, name, document }: LibraryItem): PaletteEntry[] {
  if (document.format !== 'normlab/block') return []
  const { node } = document
  return [
    {
      id: `own:${id}`,
      title: name,
      category: OWN_CATEGORY,
      description: 'nodes' in node ? `A block of your own: ${kindsIn(node.nodes)}.` : 'A block of your own.',
      words: `own mine library ${node.id}`,
      create: () => [JSON.parse(JSON.stringify(node)) as NetworkNode],
    },
  ]
}

function kindsIn(nodes: readonly NetworkNode[]): string {
  const titles = nodes.map((node) => (node.kind === 'block' ? node.id : (ops.get(node.kind)?.title ?? node.kind)))
  return titles.length > 6 ? `${titles.slice(0, 6).join(', ')} and ${titles.length - 6} more` : titles.join(', ')
}

/** The whole palette: layers by category, ready blocks by category, then the user's own blocks; sections without entries are left out. */
export function paletteSections(own: readonly LibraryItem[]): PaletteSection[] {
  const layers = [...ops.values()].map(layerEntry)
  const ownEntries = own.flatMap(ownEntry)
  const categories = [...new Set([...OP_CATEGORIES, ...readyEntries.map(({ category }) => category), OWN_CATEGORY])]
  const all = [...layers, ...readyEntries, ...ownEntries]
  return categories
    .map((title) => ({ title, entries: all.filter(({ category }) => category === title) }))
    .filter(({ entries }) => entries.length > 0)
}

/**
 * The entries that have every word of a search in their title, kind, other words or description; best first: those whose title begins with
 * it, then whose title has it, then whose words have it.
 */
export function searchEntries(entries: readonly PaletteEntry[], search: string): PaletteEntry[] {
  const words = plain(search).split(' ').filter(Boolean)
  if (words.length === 0) return [...entries]
  const rank = (entry: PaletteEntry): number => {
    const title = plain(entry.title)
    const known = plain(`${entry.title} ${entry.words} ${entry.category}`)
    const all = `${known} ${plain(entry.description)}`
    if (!words.every((word) => all.includes(word))) return Infinity
    if (title.startsWith(words.join(' '))) return 0
    if (words.every((word) => ` ${title}`.includes(` ${word}`))) return 1
    if (words.every((word) => ` ${known}`.includes(` ${word}`))) return 2
    return words.every((word) => known.includes(word)) ? 3 : 4
  }
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((found) => found.rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry)
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9×]+/g, ' ')
    .trim()
