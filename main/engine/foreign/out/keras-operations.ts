import { madeLayer, type MadeLayer } from '../../../../shared/architecture/source/made'
import type { KerasMade } from '../../../../shared/architecture/source/keras'
import { unused } from '../../../../shared/architecture/source/parameters'
import { type KerasEntry, written } from './keras-entry'
import { type OutgoingTensor, padded, reflected } from './made-kernels'
import type { OutgoingWeights } from './weights'

/** Layers that Keras lacks, as layers and operations of Keras's that come to the same: a file needs no class then. */
export function inOperations(made: readonly KerasEntry[], weights: OutgoingWeights): KerasEntry[] {
  const taken = new Set(made.map(({ name }) => name))
  return made.flatMap((one): KerasEntry[] => {
    const say = sayings[one.call.callee]
    return say ? new Saying(one, weights, taken).entries(say) : [one]
  })
}

type Say = (s: Saying, x: string) => string
type Extra = Pick<KerasEntry, 'arrays' | 'args' | 'kwargs'>
type Config = Readonly<Record<string, unknown>>

/** The entries that a layer becomes, the last of which has its name. */
class Saying {
  private readonly made: KerasEntry[] = []
  readonly settings: Readonly<Record<string, number>>
  readonly sides: readonly number[]

  constructor(
    readonly one: KerasMade,
    readonly weights: OutgoingWeights,
    private readonly taken: Set<string>,
  ) {
    this.settings = one.config as Record<string, number>
    this.sides = one.layer.inputShapes[0]!
  }

  entries(say: Say): KerasEntry[] {
    const last = say(this, this.one.inputs[0]!)
    return this.made.map((entry) => (entry.name === last ? { ...entry, name: this.one.name } : entry))
  }
  entry(callee: string, inputs: readonly string[], config: Config = {}, extra: Extra = {}): string {
    const name = unused(`${this.one.name}_${callee.replace(/^.*\./, '').toLowerCase()}`, this.taken)
    this.made.push({ name, call: { callee, arguments: [] }, config, inputs, layer: this.one.layer, ...extra })
    return name
  }
  /** `x[:, a:b]`. */
  part(x: string, ...slices: readonly unknown[]): string {
    return this.entry('ops.GetItem', [x], {}, { args: (tensors) => [...tensors, [slice(), ...slices]] })
  }
  /** Of two values, or of one and numbers. */
  operation(name: string, inputs: readonly string[], ...others: readonly unknown[]): string {
    return this.entry(`ops.${name}`, inputs, {}, { args: (tensors) => [...tensors, ...others] })
  }
  pad(x: string, width: readonly (readonly [number, number])[], value: number | null = null): string {
    return this.entry('ops.Pad', [x], { pad_width: width, mode: 'constant' }, { kwargs: { constant_values: value } })
  }
  scaled(x: string, scale: number, offset = 0): string {
    return this.entry('layers.Rescaling', [x], { scale, offset })
  }
  convolution(x: string, kernel: OutgoingTensor, bias: Float32Array | undefined, others: Config = {}): string {
    const [size, , , filters] = kernel.dims as [number, number, number, number]
    const plain = { strides: [1, 1], padding: 'valid', dilation_rate: [1, 1], groups: 1, activation: 'linear' }
    const config = { filters, kernel_size: [size, size], ...plain, ...others, use_bias: bias !== undefined }
    const arrays = [
      { path: 'vars/0', shape: kernel.dims, values: kernel.values },
      ...(bias ? [{ path: 'vars/1', shape: [bias.length], values: bias }] : []),
    ]
    return this.entry('layers.Conv2D', [x], config, { arrays })
  }
  /** Pixels of the other edge before and behind. */
  around(x: string, before: number, behind: number): string {
    if (before + behind === 0) return x
    return [1, 2].reduce((y, axis) => {
      const side = this.sides[axis - 1]!
      const of = (start: number, stop: number): string =>
        this.part(y, ...Array<unknown>(axis - 1).fill(slice()), slice(start, stop))
      const ends = [...(before > 0 ? [of(side - before, side)] : []), y, ...(behind > 0 ? [of(0, behind)] : [])]
      return this.entry('layers.Concatenate', ends, { axis })
    }, x)
  }
  get kernel(): OutgoingTensor {
    return this.weights.made(this.one.layer).own
  }
  get bias(): Float32Array | undefined {
    return this.weights.own(this.one.layer, 'bias')?.values
  }
}

const slice = (start: number | null = null, stop: number | null = null, step: number | null = null): unknown => ({
  ...{ class_name: '__slice__', config: { start, stop, step } },
})
const NONE = [0, 0] as const
/** As low as a single goes. */
const LOWEST = -3.4028234663852886e38
/** Smaller sums of squares are nothing, as in the classes of a source. */
const NOTHING = 1e-37

const sayings: Readonly<Record<string, Say>> = {
  Absolute: (s, x) => s.operation('Absolute', [x]),
  Channels: (s, x) => s.part(x, slice(), slice(), slice(s.settings['first'], s.settings['first']! + s.settings['count']!)),
  Token: (s, x) => s.part(x, Math.floor(s.settings['place']! / s.sides[1]!), s.settings['place']! % s.sides[1]!),
  ClassToken(s, x) {
    const [height, width, channels] = s.sides as [number, number, number]
    const own = width === 1 ? x : s.entry('layers.Reshape', [x], { target_shape: [height * width, 1, channels] })
    const { dims, values } = s.weights.own(s.one.layer, 'shift')!
    const zeros = s.entry('ops.ZerosLike', [s.part(own, slice(0, 1))], { dtype: null })
    const tokens = s.operation('Add', [zeros], written([1, dims[0]!, 1, channels], values))
    return s.entry('layers.Concatenate', [tokens, own], { axis: 1 })
  },
  PaddingShortcut(s, x) {
    const { before, behind, stride } = s.settings as Record<'before' | 'behind' | 'stride', number>
    const kept = stride === 1 ? x : s.part(x, slice(null, null, stride), slice(null, null, stride))
    return s.pad(kept, [NONE, NONE, NONE, [before, behind]])
  },
  PaddedMaxPooling2D(s, x) {
    const { pool_size: size, strides, padding } = s.settings
    const around = [padding!, padding!] as const
    return s.entry('layers.MaxPooling2D', [s.pad(x, [NONE, around, around, NONE], LOWEST)], {
      ...{ pool_size: size, strides, padding: 'valid' },
    })
  },
  L2Pooling2D(s, x) {
    const window = [s.settings['size']!, s.settings['size']!]
    const mean = s.entry('layers.AveragePooling2D', [s.operation('Square', [x])], {
      ...{ pool_size: window, strides: window, padding: 'valid' },
    })
    return rootOf(s, mean, s.settings['size']! ** 2)
  },
  GlobalL2Pooling2D: (s, x) =>
    rootOf(s, s.entry('layers.GlobalAveragePooling2D', [s.operation('Square', [x])]), s.sides[0]! * s.sides[1]!),
  Scale: (s, x) => s.scaled(x, s.weights.own(s.one.layer, 'scale')!.values[0]!),
  Shift: (s, x) => s.scaled(x, 1, s.weights.own(s.one.layer, 'shift')!.values[0]!),
  StandardisedConv2D(s, x) {
    const { padding, strides, dilation_rate, groups } = s.settings
    return s.convolution(x, s.kernel, s.bias, { padding, strides, dilation_rate, groups })
  },
  CircularPadding2D: (s, x) => s.around(x, s.settings['before']!, s.settings['behind']!),
  Reflections(s, x) {
    const { before, behind } = madeLayer(s.one.layer) as Extract<MadeLayer, { as: 'reflections' }>
    const open = s.entry('layers.ReLU', [s.convolution(s.around(x, before, behind), s.kernel, s.bias)])
    const back = s.convolution(s.around(open, behind, before), reflected(s.kernel), undefined)
    return s.entry('layers.Add', [x, back])
  },
  // As x + J(x + J(x + …)/2), with the bias at the last convolution.
  ConvolutionSeries(s, x) {
    const { channels, inner, filters, terms } = madeLayer(s.one.layer) as Extract<MadeLayer, { as: 'series' }>
    const wide = channels === inner ? x : s.pad(x, [NONE, NONE, NONE, [0, inner - channels]])
    const { dims, values } = s.kernel
    let sum = wide
    for (let n = terms; n >= 1; n--) {
      const bias = n === 1 && s.bias ? padded(s.bias, inner) : undefined
      const share = { dims, values: values.map((value) => value / n) }
      sum = s.entry('layers.Add', [wide, s.convolution(sum, share, bias, { padding: 'same' })])
    }
    return filters === inner ? sum : s.part(sum, slice(), slice(), slice(0, filters))
  },
}

function rootOf(s: Saying, mean: string, count: number): string {
  return s.operation('Sqrt', [s.operation('Maximum', [s.scaled(mean, count)], NOTHING)])
}
