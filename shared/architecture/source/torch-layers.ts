import { elements } from '../../ops/op'
import type { Layer } from '../expand'
import { padsAround, type Sliding } from '../../ops/padding'
import { newBefore } from '../../ops/padding-shortcut'
import { madeLayer } from './made'
import type { Argument, Call } from './pieces'
import { literal } from './python'

/** How a layer is said in PyTorch. */
export interface TorchWords {
  /** As modules behind one another. */
  readonly calls: readonly Call[]
  /** Which of them a block keeps; the others are said where they are used. */
  readonly kept?: number
  /** In a forward pass; `module` is the one that is kept. */
  readonly say: (inputs: readonly string[], module: string) => string
  /** Tells layers apart whose passes are written differently. */
  readonly words: string
  /** Those of our own in this file (torch-modules.ts). */
  readonly module?: string
}

const plain = (value: Argument['value'], role?: string): Argument => ({ value, ...(role && { role }) })
const named = (name: string, value: Argument['value'], usual?: Argument['value'], role?: string): Argument => ({
  name,
  value,
  ...(usual !== undefined && { usual }),
  ...(role && { role }),
})

/** A module that a block keeps. */
const kept = (call: Call, module?: string): TorchWords => ({
  ...{ calls: [call], kept: 0, words: '' },
  say: ([x], own) => `${own}(${x})`,
  ...(module && { module }),
})
/** Said where it is used. */
const said = (calls: readonly Call[], words: string, say: (inputs: readonly string[]) => string): TorchWords => ({
  ...{ calls, say, words },
})

const bare = (callee: string, ...given: Argument[]): Call => ({ callee, arguments: given })
const weighted = (callee: string, ...given: Argument[]): Call => ({ callee, arguments: given, isWeighted: true })

/** Left, right, top, bottom, where a module's own padding cannot say it. */
function padding(layer: Layer): { readonly own: number | string; readonly before?: string } {
  const [along, across] = padsAround(layer.attributes as unknown as Sliding, layer.inputShapes[0]!)
  if (along![0] !== along![1] || across![0] !== across![1]) return { own: 0, before: `(${[...across!, ...along!].join(', ')})` }
  return { own: along![0] === across![0] ? along![0] : `(${along![0]}, ${across![0]})` }
}

/** A window's module, with what must be put around its image before. */
function windowed(layer: Layer, call: Call, value = '0', module?: string): TorchWords {
  const { before } = padding(layer)
  if (before === undefined) return kept(call, module)
  const pad =
    value === '0' ? bare('nn.ZeroPad2d', plain(before)) : bare('nn.ConstantPad2d', plain(before), plain('float("-inf")'))
  const around = value === '0' ? before : `${before}, value=float("-inf")`
  return {
    calls: [pad, call],
    kept: 1,
    say: ([x], own) => `${own}(F.pad(${x}, ${around}))`,
    words: around,
    ...(module && { module }),
  }
}

function convolution(layer: Layer): TorchWords {
  const { attributes, inputShapes, op, shape } = layer
  const channels = inputShapes[0]![2]!
  const told = attributes as Record<string, number> & { bias: boolean }
  const isStandardised = op.kind === 'ws-conv2d'
  const call = weighted(
    isStandardised ? 'StandardisedConv2d' : 'nn.Conv2d',
    plain(channels, 'channels'),
    plain(shape[2]!, 'filters'),
    plain(told['size']!, 'size'),
    named('stride', told['stride']!, 1, 'stride'),
    named('padding', padding(layer).own, 0, 'padding'),
    named('dilation', told['dilation'] ?? 1, 1, 'dilation'),
    named('groups', op.kind === 'depthwise-conv2d' ? channels : told['groups']!, 1, 'groups'),
    named('bias', told.bias, true),
    ...(isStandardised ? [named('epsilon', told['epsilon']!, 1e-6, 'epsilon')] : []),
  )
  return windowed(layer, call, '0', isStandardised ? 'StandardisedConv2d' : undefined)
}

/** With the kernel that was made, around the edges. */
function madeConvolution(layer: Layer): TorchWords {
  const made = madeLayer(layer)!
  const { size, stride = 1, bias } = layer.attributes as { size: number; stride?: number; bias: boolean }
  const [channels, filters] = [layer.inputShapes[0]![2]!, layer.attributes['filters'] as number]
  const given = [plain(channels, 'channels'), plain(filters, 'filters'), plain(size, 'size')]
  const told = named('bias', bias, true)
  if (made.as === 'series') {
    const terms = plain(made.terms, 'terms')
    return kept(weighted('ConvolutionSeries', ...given, terms, told), 'ConvolutionSeries')
  }
  const { before, behind } = made
  if (made.as === 'reflections') return kept(weighted('Reflections', ...given, told), 'Reflections')
  const step = named('stride', stride, 1, 'stride')
  if (before !== behind) {
    const pads = `(${[before, behind, before, behind].join(', ')})`
    return {
      calls: [bare('nn.CircularPad2d', plain(pads)), weighted('nn.Conv2d', ...given, step, told)],
      kept: 1,
      say: ([x], own) => `${own}(F.pad(${x}, ${pads}, mode="circular"))`,
      words: `around ${pads}`,
    }
  }
  const around = before === 0 ? [] : [named('padding', before, 0, 'padding'), named('padding_mode', '"circular"')]
  return kept(weighted('nn.Conv2d', ...given, step, ...around, told))
}

function dense({ attributes, inputShapes }: Layer): TorchWords {
  const [sides] = inputShapes
  const call = weighted(
    'nn.Linear',
    plain(elements(sides!), 'features'),
    plain(attributes['units'] as number, 'units'),
    named('bias', attributes['bias'] as boolean, true),
  )
  if (sides!.length === 1) return kept(call)
  return { calls: [bare('nn.Flatten'), call], kept: 1, say: ([x], own) => `${own}(torch.flatten(${x}, 1))`, words: 'flat' }
}

const norm = (layer: Layer): TorchWords => {
  const { epsilon, momentum } = layer.attributes as { epsilon: number; momentum: number }
  const sides = layer.inputShapes[0]!
  return kept(
    weighted(
      sides.length === 3 ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d',
      plain(sides[sides.length - 1]!, 'channels'),
      named('eps', epsilon, 1e-5, 'epsilon'),
      // PyTorch's is the share of the new.
      named('momentum', Number((1 - momentum).toPrecision(12)), 0.1, 'momentum'),
    ),
  )
}

const groupNorm =
  (groups: (layer: Layer) => number) =>
  (layer: Layer): TorchWords =>
    kept(
      weighted(
        'nn.GroupNorm',
        plain(groups(layer), 'groups'),
        plain(layer.shape[layer.shape.length - 1]!, 'channels'),
        named('eps', layer.attributes['epsilon'] as number, 1e-5, 'epsilon'),
      ),
    )

/** Over the channels of each place, by a class of PyTorch's for the last axis. */
function placesNorm(layer: Layer, callee: 'nn.LayerNorm' | 'nn.RMSNorm'): TorchWords {
  const sides = layer.inputShapes[0]!
  const module = { 'nn.LayerNorm': 'LayerNorm2d', 'nn.RMSNorm': 'RMSNorm2d' }[callee]
  const usual = callee === 'nn.LayerNorm' ? 1e-5 : undefined
  const epsilon = named('eps', layer.attributes['epsilon'] as number, usual, 'epsilon')
  const given = [plain(sides[sides.length - 1]!, 'channels'), epsilon]
  return sides.length === 3 ? kept(weighted(module, ...given), module) : kept(weighted(callee, ...given))
}

function pool(layer: Layer): TorchWords {
  const { size, stride, padding: how } = layer.attributes as unknown as Sliding
  const isMax = layer.op.kind === 'max-pool'
  const { own, before } = padding(layer)
  const window = [plain(size, 'size'), plain(stride, 'stride')]
  if (isMax) return windowed(layer, bare('nn.MaxPool2d', ...window, named('padding', own, 0, 'padding')), '-inf')
  if (before !== undefined) return kept(bare('SameAvgPool2d', ...window), 'SameAvgPool2d')
  const counted = how === 'same' && own !== 0 ? [named('count_include_pad', false)] : []
  return kept(bare('nn.AvgPool2d', ...window, named('padding', own, 0, 'padding'), ...counted))
}

const activation =
  (module: string, functional: string) =>
  ({ attributes }: Layer): TorchWords => {
    const slope = attributes['slope'] as number | undefined
    const given = slope === undefined || slope === 0.01 ? [] : [literal(slope)]
    return said(
      [bare(module, ...given.map((text) => plain(text)))],
      `${module}${given.join()}`,
      ([x]) => `${functional}(${[x, ...given].join(', ')})`,
    )
  }

/** A value as something's own: a sum or a product in brackets. */
const owner = (text: string): string => (/ [+*] /.test(text) ? `(${text})` : text)

/** Each kind of layer. */
export const torchLayers: Readonly<Record<string, (layer: Layer) => TorchWords>> = {
  conv2d: convolution,
  'depthwise-conv2d': convolution,
  'ws-conv2d': convolution,
  'orthogonal-conv2d': madeConvolution,
  'skew-conv2d': madeConvolution,
  'reflection-conv2d': madeConvolution,
  dense,
  'batch-norm': norm,
  'group-norm': groupNorm(({ attributes }) => attributes['groups'] as number),
  'layer-norm': (layer) =>
    layer.attributes['over'] === 'channels' ? placesNorm(layer, 'nn.LayerNorm') : groupNorm(() => 1)(layer),
  'rms-norm': (layer) => placesNorm(layer, 'nn.RMSNorm'),
  attention: ({ attributes }) => ({
    ...kept(bare('Attention', plain(attributes['heads'] as number, 'heads')), 'Attention'),
    say: (inputs, own) => `${own}(${inputs.join(', ')})`,
  }),
  position: ({ attributes, shape }) =>
    kept(
      weighted(
        'Position',
        plain(shape[0]!, 'height'),
        plain(shape[1]!, 'width'),
        plain(shape[2]!, 'channels'),
        plain(attributes['deviation'] as number, 'deviation'),
      ),
      'Position',
    ),
  'class-token': ({ attributes, shape }) =>
    kept(
      weighted(
        'ClassToken',
        plain(attributes['tokens'] as number, 'tokens'),
        plain(shape[2]!, 'channels'),
        plain(attributes['deviation'] as number, 'deviation'),
      ),
      'ClassToken',
    ),
  token: ({ attributes }) => kept(bare('Token', plain(attributes['place'] as number, 'place')), 'Token'),
  relu: activation('nn.ReLU', 'F.relu'),
  'leaky-relu': activation('nn.LeakyReLU', 'F.leaky_relu'),
  elu: activation('nn.ELU', 'F.elu'),
  gelu: activation('nn.GELU', 'F.gelu'),
  tanh: activation('nn.Tanh', 'torch.tanh'),
  swish: activation('nn.SiLU', 'F.silu'),
  'clipped-relu': ({ attributes }) => {
    const most = attributes['most'] as number
    if (most === 6) return said([bare('nn.ReLU6')], 'nn.ReLU6', ([x]) => `F.relu6(${x})`)
    const ends = `0, ${literal(most)}`
    return said([bare('nn.Hardtanh', plain(ends))], `nn.Hardtanh${ends}`, ([x]) => `F.hardtanh(${x}, ${ends})`)
  },
  sigmoid: activation('nn.Sigmoid', 'torch.sigmoid'),
  'hard-sigmoid': activation('nn.Hardsigmoid', 'F.hardsigmoid'),
  'hard-swish': activation('nn.Hardswish', 'F.hardswish'),
  dropout: ({ attributes }) => kept(bare('nn.Dropout', plain(attributes['rate'] as number, 'rate'))),
  'max-pool': pool,
  'average-pool': pool,
  'l2-pool': ({ attributes }) => kept(bare('L2Pool2d', plain(attributes['size'] as number, 'size')), 'L2Pool2d'),
  'global-average-pool': () =>
    said([bare('nn.AdaptiveAvgPool2d', plain(1)), bare('nn.Flatten')], 'mean', ([x]) => `${owner(x!)}.mean((2, 3))`),
  'global-l2-pool': () => kept(bare('GlobalL2Pool2d'), 'GlobalL2Pool2d'),
  add: () => said([], 'add', (inputs) => inputs.join(' + ')),
  multiply: ({ inputShapes, shape }) => {
    // A vector weighs an image's channels.
    const spread = inputShapes.map((one) => (one.length < shape.length ? '[:, :, None, None]' : ''))
    return said([], `multiply${spread.join()}`, (inputs) => inputs.map((x, at) => `${owner(x)}${spread[at]!}`).join(' * '))
  },
  abs: () => ({ ...said([bare('Absolute')], 'abs', ([x]) => `torch.abs(${x})`), module: 'Absolute' }),
  channels: ({ attributes }) => {
    const { first, count } = attributes as { first: number; count: number }
    const call = bare('Channels', plain(first, 'first'), plain(count, 'count'))
    const part = `[:, ${first}:${first + count}]`
    return { ...said([call], part, ([x]) => `${owner(x!)}${part}`), module: 'Channels' }
  },
  concatenate: () => said([], 'cat', (inputs) => `torch.cat([${inputs.join(', ')}], 1)`),
  duplicate: ({ attributes }) => kept(bare('Duplicate', plain(attributes['times'] as number, 'times')), 'Duplicate'),
  'padding-shortcut': ({ attributes, inputShapes }) => {
    const added = (attributes['filters'] as number) - inputShapes[0]![2]!
    const before = newBefore(attributes['side'] as 'after' | 'both', added)
    const given = [plain(before, 'before'), plain(added - before, 'behind'), plain(attributes['stride'] as number, 'stride')]
    return kept(bare('PaddingShortcut', ...given), 'PaddingShortcut')
  },
  scale: ({ attributes }) =>
    attributes['learned']
      ? kept(weighted('Scale', plain(attributes['value'] as number, 'factor')), 'Scale')
      : kept(bare('FixedScale', plain(attributes['value'] as number, 'factor')), 'FixedScale'),
  shift: ({ attributes }) => kept(weighted('Shift', plain(attributes['value'] as number, 'shift')), 'Shift'),
}
