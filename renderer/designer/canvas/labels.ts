import type { LayerNode, NetworkNode } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'

/** What a node is called on cards, in lists and pictures: `Convolution`; a block by its id. */
export function nodeTitle(node: NetworkNode): string {
  return node.kind === 'block' ? node.id : (ops.get(node.kind)?.title ?? node.kind)
}

/**
 * What a card says beneath the title: `3×3, 32, stride 2`; of a block how often it is repeated (`×18`). Defaults that people expect
 * are left out, and so is all there is to say of a layer without attributes; `?` stands where one is missing.
 */
export function nodeDetail(node: NetworkNode): string {
  if ('nodes' in node) return (node.repeat ?? 1) > 1 ? `×${node.repeat}` : ''
  const say = sayings[node.kind]
  return say ? say(readerOf(node)).filter(Boolean).join(', ') : ''
}

/** Looks up attributes as text; absent ones as their kind has them by default. */
interface Reader {
  text(name: string): string
  /** Whether it is said and is not the default. */
  differs(name: string): boolean
}

function readerOf({ kind, attributes = {} }: LayerNode): Reader {
  const schemas = ops.get(kind)?.attributes.shape ?? {}
  const usual = (name: string): unknown => schemas[name]?.safeParse(undefined).data
  const valueOf = (name: string): unknown => attributes[name] ?? usual(name)
  return {
    text(name) {
      const value = valueOf(name)
      return typeof value === 'number' || typeof value === 'string' ? `${value}` : '?'
    },
    differs: (name) => valueOf(name) !== usual(name),
  }
}

const square = (read: Reader, name = 'size'): string => `${read.text(name)}×${read.text(name)}`
const stride = (read: Reader, unlessOne = true): string =>
  unlessOne && read.text('stride') === '1' ? '' : `stride ${read.text('stride')}`
/** An attribute that is worth a word only where it is not the default. */
const unusual = (read: Reader, name: string, say: (text: string) => string): string =>
  read.differs(name) ? say(read.text(name)) : ''
const padding = (read: Reader): string => unusual(read, 'padding', (text) => `${text} padding`)
const pooling = (read: Reader): string[] => [
  square(read),
  read.text('stride') === read.text('size') ? '' : stride(read, false),
  padding(read),
]

/** A line a kind that has attributes. */
const sayings: Readonly<Record<string, (read: Reader) => string[]>> = {
  input: (read) => [['height', 'width', 'channels'].map((name) => read.text(name)).join('×')],
  conv2d: (read) => [
    square(read),
    read.text('filters'),
    stride(read),
    unusual(read, 'groups', (text) => `${text} groups`),
    padding(read),
    unusual(read, 'bias', () => 'bias'),
  ],
  'skew-conv2d': (read) => [
    square(read),
    read.text('filters'),
    unusual(read, 'terms', (text) => `${text} terms`),
    unusual(read, 'bias', () => 'bias'),
  ],
  'orthogonal-conv2d': (read) => [square(read), read.text('filters'), stride(read), unusual(read, 'bias', () => 'bias')],
  'reflection-conv2d': (read) => [square(read), read.text('filters'), unusual(read, 'bias', () => 'bias')],
  'depthwise-conv2d': (read) => [
    square(read),
    unusual(read, 'multiplier', (text) => `×${text} channels`),
    stride(read),
    padding(read),
    unusual(read, 'bias', () => 'bias'),
  ],
  'batch-norm': (read) => [
    unusual(read, 'momentum', (text) => `momentum ${text}`),
    unusual(read, 'epsilon', (text) => `epsilon ${text}`),
  ],
  'group-norm': (read) => [`${read.text('groups')} groups`, unusual(read, 'epsilon', (text) => `epsilon ${text}`)],
  'layer-norm': (read) => [
    unusual(read, 'over', (text) => `over ${text}`),
    unusual(read, 'epsilon', (text) => `epsilon ${text}`),
  ],
  'rms-norm': (read) => [unusual(read, 'epsilon', (text) => `epsilon ${text}`)],
  attention: (read) => [`${read.text('heads')} heads`],
  'class-token': (read) => [unusual(read, 'tokens', (text) => `${text} tokens`)],
  token: (read) => [`place ${read.text('place')}`],
  'leaky-relu': (read) => [`slope ${read.text('slope')}`],
  'clipped-relu': (read) => [`up to ${read.text('most')}`],
  dropout: (read) => [`rate ${read.text('rate')}`],
  'average-pool': pooling,
  'max-pool': pooling,
  'l2-pool': (read) => [square(read)],
  channels: (read) => [read.text('count'), unusual(read, 'first', (text) => `from ${text}`)],
  duplicate: (read) => [`×${read.text('times')}`],
  'padding-shortcut': (read) => [read.text('filters'), stride(read)],
  dense: (read) => [read.text('units'), unusual(read, 'bias', () => 'no bias')],
}
