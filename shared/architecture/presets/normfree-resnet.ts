import type { NetworkNode } from '../document'
import { block, chain, headNodes, inputNode, layer } from './pieces'
import { blocksOption, type OptionSpec, plainRecipe, type Preset, widthsOption } from './preset'

/** How a residual network does without norm layers. */
const FORMS = ['skipinit', 'fixup', 'nf'] as const
type Form = (typeof FORMS)[number]

const formOption: OptionSpec = {
  name: 'form',
  description:
    'skipinit: a learned number that starts at 0 ends each branch (De and Smith 2020; ReZero); fixup: scaled starts, scalar shifts and scales (Zhang et al. 2019); nf: standardised convolutions and fixed multipliers (Brock et al. 2021)',
  default: 'skipinit',
  type: 'word',
  words: FORMS,
}

/** Of NF-ResNets: what a branch is multiplied by, and what gives a ReLU of unit variance unit variance again, √(2/(1 − 1/π)). */
const BRANCH = 0.2
const RELU_GAIN = Math.sqrt(2 / (1 - 1 / Math.PI))

/** What a block is told. */
interface Place {
  readonly width: number
  readonly stride: number
  /** Blocks of the whole network. */
  readonly depth: number
  /** Whether its skip has to change the shape. */
  readonly isFirst: boolean
  /** Expected variance of what enters, of NF-ResNets. */
  readonly variance: number
}

const conv = (id: string, kind: string, filters: number, size: number, more: object, inputs?: string[]): NetworkNode =>
  layer(id, kind, { filters, size, ...more }, inputs)

const strided = (stride: number): object => (stride === 1 ? {} : { stride })

/** relu-conv-relu-conv-scale, the last from 0. */
function skipInitBlock({ width, stride, isFirst }: Place): NetworkNode[] {
  return [
    layer('relu1', 'relu', {}, ['$input']),
    conv('conv1', 'conv2d', width, 3, { ...strided(stride), bias: true }),
    layer('relu2', 'relu'),
    conv('conv2', 'conv2d', width, 3, { bias: true }),
    layer('scale', 'scale', { value: 0 }),
    ...(isFirst ? [conv('shortcut', 'conv2d', width, 1, { ...strided(stride), bias: true }, ['$input'])] : []),
    layer('add', 'add', {}, [isFirst ? 'shortcut' : '$input', 'scale']),
  ]
}

/**
 * Fixup's basic block: the first convolution starts at He's deviation times L^(−1/2), the second at 0, and scalar shifts and a scale stand where norms stood. The skip that
 * changes the shape pads with zeros, as in the authors' program for CIFAR.
 */
function fixupBlock({ width, stride, depth, isFirst }: Place): NetworkNode[] {
  return [
    layer('shift1a', 'shift', {}, ['$input']),
    conv('conv1', 'conv2d', width, 3, { ...strided(stride), start: depth ** -0.5 }),
    layer('shift1b', 'shift'),
    layer('relu1', 'relu'),
    layer('shift2a', 'shift'),
    conv('conv2', 'conv2d', width, 3, { start: 0 }),
    layer('scale', 'scale'),
    layer('shift2b', 'shift'),
    ...(isFirst && stride > 1 ? [layer('shortcut', 'padding-shortcut', { filters: width, stride }, ['$input'])] : []),
    layer('add', 'add', {}, [isFirst && stride > 1 ? 'shortcut' : '$input', 'shift2b']),
    layer('relu', 'relu'),
  ]
}

/** x + α·f(x/β) with β² the variance that is expected of x (Brock et al. 2021, section 3); a shortcut sees what the branch sees. */
function nfBlock({ width, stride, isFirst, variance }: Place): NetworkNode[] {
  const fixed = (id: string, value: number, inputs?: string[]): NetworkNode =>
    layer(id, 'scale', { value, learned: false }, inputs)
  return [
    layer('relu1', 'relu', {}, ['$input']),
    fixed('level1', RELU_GAIN / Math.sqrt(variance)),
    conv('conv1', 'ws-conv2d', width, 3, { ...strided(stride), bias: true }),
    layer('relu2', 'relu'),
    fixed('level2', RELU_GAIN),
    conv('conv2', 'ws-conv2d', width, 3, { bias: true }),
    fixed('multiplier', BRANCH),
    ...(isFirst ? [conv('shortcut', 'ws-conv2d', width, 1, { ...strided(stride), bias: true }, ['level1'])] : []),
    layer('add', 'add', {}, [isFirst ? 'shortcut' : '$input', 'multiplier']),
  ]
}

const BLOCKS: Readonly<Record<Form, (place: Place) => NetworkNode[]>> = {
  skipinit: skipInitBlock,
  fixup: fixupBlock,
  nf: nfBlock,
}

/** Of NF-ResNets, what is expected behind so many blocks of a stage: the first one's shortcut sets the variance to 1, and each adds α². */
const varianceBehind = (blocks: number): number => 1 + blocks * BRANCH ** 2

/** The blocks of a stage, those that are alike as one that is repeated. @param place With what is expected to enter the stage. */
function stageBlocks(form: Form, count: number, place: Omit<Place, 'isFirst'>): NetworkNode[] {
  const make = BLOCKS[form]
  const first = block('block1', make({ ...place, isFirst: true }), { unit: 'block' })
  const rest = { ...place, stride: 1, isFirst: false }
  if (form !== 'nf') return [first, ...chain('block', count - 1, make(rest), 2)]
  // No two are alike.
  const more = Array.from({ length: count - 1 }, (_, i) =>
    block(`block${i + 2}`, make({ ...rest, variance: varianceBehind(i + 1) }), { unit: 'block' }),
  )
  return [first, ...more]
}

export const normfreeResnet: Preset = {
  name: 'normfree-resnet',
  title: 'ResNet without norms',
  description: 'Basic residual blocks without norm layers: SkipInit, Fixup, or NF-ResNet.',
  example: 'normfree-resnet:blocks=3,form=fixup',
  options: [blocksOption(), widthsOption, formOption],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number, list, word }) {
    const [n, widths, form] = [number('blocks'), list('widths'), word('form') as Form]
    const depth = n * widths.length
    const stages = widths.map((width, s) =>
      block(
        `stage${s + 1}`,
        stageBlocks(form, n, { width, stride: s === 0 ? 1 : 2, depth, variance: s === 0 ? 1 : varianceBehind(n) }),
      ),
    )
    const end = form === 'fixup' ? [] : [block('end', [layer('relu', 'relu')])]
    const stem =
      form === 'fixup'
        ? [conv('conv', 'conv2d', widths[0]!, 3, {}), layer('shift', 'shift'), layer('relu', 'relu')]
        : [conv('conv', form === 'nf' ? 'ws-conv2d' : 'conv2d', widths[0]!, 3, { bias: true })]
    const [head, loss] = headNodes(classes) as [NetworkNode, NetworkNode]
    return [
      inputNode(input),
      block('stem', stem),
      ...stages,
      ...end,
      layer('pool', 'global-average-pool'),
      ...(form === 'fixup' ? [layer('shift', 'shift'), layer('head', 'dense', { units: classes, start: 0 })] : [head]),
      loss,
    ]
  },
}
