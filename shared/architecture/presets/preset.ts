import type { PresetInfo } from '../../api'
import type { NetworkNode } from '../document'

/** What every preset is told: the data's geometry and the options, checked. */
export interface PresetOptions {
  readonly input: readonly [height: number, width: number, channels: number]
  readonly classes: number
  /** Whole numbers by option name. */
  readonly number: (name: string) => number
  /** Lists of whole numbers (`16/32/64`). */
  readonly list: (name: string) => readonly number[]
  readonly word: (name: string) => string
  /** Numbers with a fraction. */
  readonly decimal: (name: string) => number
}

export interface OptionSpec {
  readonly name: string
  readonly description: string
  readonly default: string
  readonly type: 'number' | 'list' | 'word' | 'decimal'
  /** Words that a `word` may be. */
  readonly words?: readonly string[]
  readonly least?: number
  readonly most?: number
}

export interface Preset {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly example: string
  readonly options: readonly OptionSpec[]
  /** How the literature counts its depth: N = perBlock·n + constant; `option` gets n, and `second` a number that follows. */
  readonly depth?: { readonly perBlock: number; readonly constant: number; readonly option: string; readonly second?: string }
  readonly recommended: PresetInfo['recommended']
  nodes(options: PresetOptions): NetworkNode[]
}

export const blocksOption = (most = 10_000): OptionSpec => ({
  name: 'blocks',
  description: 'blocks in each stage',
  default: '3',
  type: 'number',
  least: 1,
  most,
})

export const widthsOption: OptionSpec = {
  name: 'widths',
  description: 'channels of each stage',
  default: '16/32/64',
  type: 'list',
  least: 1,
  most: 65_536,
}
export const planesOption: OptionSpec = {
  name: 'planes',
  description: 'channels inside the bottlenecks of each stage; four times as many outside',
  default: '16/32/64',
  type: 'list',
  least: 1,
  most: 16_384,
}

/** How convolutions are padded: where the windows of strided ones lie differs between TensorFlow and PyTorch. */
export const paddingOption: OptionSpec = {
  name: 'padding',
  description: 'zeros around images: same as TensorFlow puts them, or symmetric as PyTorch does',
  default: 'same',
  type: 'word',
  words: ['same', 'symmetric'],
}

/** Of which kind convolutions are. */
export const convolutionsOption: OptionSpec = {
  name: 'convolutions',
  description:
    'free to be any, or orthogonal by construction at every step, of at least their stride’s size, around the image’s edges',
  default: 'free',
  type: 'word',
  words: ['free', 'orthogonal'],
}

export const plainRecipe: PresetInfo['recommended'] = { projection: 'none', whitening: false, nesterov: false, init: 'he-fan-in' }
