import type { ForeignLayer } from './layer'

/** What layers of a kind are called in a block, with a number where there are several. */
const WORDS: Readonly<Record<string, string>> = {
  conv2d: 'conv',
  'depthwise-conv2d': 'depthwise',
  'batch-norm': 'bn',
  'group-norm': 'norm',
  'layer-norm': 'norm',
  'rms-norm': 'norm',
  'average-pool': 'pool',
  'max-pool': 'pool',
  'global-average-pool': 'pool',
  concatenate: 'concat',
  'leaky-relu': 'relu',
  'clipped-relu': 'relu',
  'softmax-cross-entropy': 'loss',
}

/** `conv`, `bn`; a word of small letters, digits and dashes for a kind that is not ours. */
const wordOf = (kind: string): string => WORDS[kind] ?? kind

/** Ids for layers of one block: numbered where a word comes more than once, bare where it does not. */
export function idsFor(layers: readonly Pick<ForeignLayer, 'kind' | 'word'>[]): string[] {
  const words = layers.map(({ kind, word }) => word ?? wordOf(kind))
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const seen = new Map<string, number>()
  return words.map((word) => {
    const number = (seen.get(word) ?? 0) + 1
    seen.set(word, number)
    return counts.get(word) === 1 ? word : `${word}${number}`
  })
}
