import type { OpenOp } from './open-op'
import { orthogonalKernel, skewKernel } from './textbook-orthogonal'

/**
 * Each layer's definition written out in float64, entry by entry, without regard to speed: what its forward pass is held
 * against. Values are flat; shapes are with the batch.
 */
interface Value {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}
interface Context {
  readonly inputs: readonly Value[]
  readonly of: (name: string) => ArrayLike<number>
  readonly attributes: Record<string, unknown>
  readonly labels: Int32Array
  readonly output: readonly number[]
  readonly training: boolean
}

const at = ({ shape, values }: Value, n: number, y: number, x: number, c: number): number =>
  values[((n * shape[1]! + y) * shape[2]! + x) * shape[3]! + c]!

/** Vectors as images of one pixel. */
const spatial = (shape: readonly number[]): readonly number[] => (shape.length === 2 ? [shape[0]!, 1, 1, shape[1]!] : shape)

const range = (length: number): number[] => Array.from({ length }, (_, i) => i)

/** Every entry of an image-like output. */
function overImage([n, h, w, c]: readonly number[], entry: (n: number, y: number, x: number, c: number) => number): number[] {
  return range(n!).flatMap((i) => range(h!).flatMap((y) => range(w!).flatMap((x) => range(c!).map((k) => entry(i, y, x, k)))))
}

/** Pixels before the first that a SAME window covers beyond the edge: half of what is missing, rounded down. */
function before(side: number, size: number, stride: number, padding: unknown, zeros: unknown): number {
  if (padding === 'valid') return 0
  if (padding === 'explicit') return zeros as number
  if (padding === 'symmetric') return Math.floor(size / 2)
  return Math.floor(Math.max((Math.ceil(side / stride) - 1) * stride + size - side, 0) / 2)
}

/** The pixels of the window that belongs to an output position. */
function window(
  x: Value,
  { size, stride, padding, zeros, dilation = 1 }: Record<string, unknown>,
  row: number,
  column: number,
): [number, number, number, number][] {
  const [, height, width] = x.shape as [number, number, number, number]
  const [side, step, apart] = [size as number, stride as number, dilation as number]
  const reach = apart * (side - 1) + 1
  const top = row * step - before(height, reach, step, padding, zeros)
  const left = column * step - before(width, reach, step, padding, zeros)
  return range(side)
    .flatMap((dy) => range(side).map((dx): [number, number, number, number] => [top + apart * dy, left + apart * dx, dy, dx]))
    .filter(([y, x]) => y >= 0 && y < height && x >= 0 && x < width)
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

const pooled =
  (join: (values: number[]) => number) =>
  ({ inputs: [x], attributes, output }: Context): number[] =>
    overImage(output, (n, row, column, c) => join(window(x!, attributes, row, column).map(([y, z]) => at(x!, n, y, z, c))))

const global =
  (join: (values: number[]) => number) =>
  ({ inputs: [x], output: [batch, channels] }: Context): number[] =>
    range(batch!).flatMap((n) =>
      range(channels!).map((c) => join(range(x!.shape[1]!).flatMap((y) => range(x!.shape[2]!).map((z) => at(x!, n, y, z, c))))),
    )

const mean = (values: readonly number[]): number => sum(values) / values.length
const euclidean = (values: readonly number[]): number => Math.sqrt(sum(values.map((value) => value * value)))

/** Each image's values, group of channels by group, less their mean and over their deviation; channels come last. */
function grouped({ inputs: [x], of, attributes }: Context, groups: number): number[] {
  const channels = x!.shape[x!.shape.length - 1]!
  const size = x!.values.length / x!.shape[0]!
  const groupOf = (i: number): number => Math.floor(i / size) * groups + Math.floor(((i % channels) * groups) / channels)
  const members = range(x!.values.length)
  return members.map((i) => {
    const own = members.filter((j) => groupOf(j) === groupOf(i)).map((j) => x!.values[j]!)
    const variance = mean(own.map((value) => (value - mean(own)) ** 2))
    const scaled = (x!.values[i]! - mean(own)) / Math.sqrt(variance + (attributes['epsilon'] as number))
    return of('gamma')[i % channels]! * scaled + of('beta')[i % channels]!
  })
}

/** Each place's channels (a vector's features) less their mean and over their deviation, or over the root of their mean square. */
function atPlaces({ inputs: [x], attributes }: Context, isCentred: boolean): number[] {
  const channels = x!.shape[x!.shape.length - 1]!
  return Array.from(x!.values, (value, i) => {
    const first = i - (i % channels)
    const own = range(channels).map((c) => x!.values[first + c]!)
    const middle = isCentred ? mean(own) : 0
    const square = mean(own.map((entry) => (entry - middle) ** 2))
    return (value - middle) / Math.sqrt(square + (attributes['epsilon'] as number))
  })
}

/** Φ(x) by Simpson's rule from 0. */
function normalDistribution(x: number): number {
  const steps = 200
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  const terms = range(steps + 1).map((i) => (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2) * density((x * i) / steps))
  return 0.5 + (x / steps / 3) * sum(terms)
}

const convolved = ({ inputs: [x], of, attributes, output }: Context): number[] =>
  overImage(output, (n, row, column, k) => {
    const groups = attributes['groups'] as number
    const [channels, filters] = [x!.shape[3]! / groups, output[3]!]
    const first = Math.floor((k * groups) / filters) * channels
    const kernel = of('kernel')
    const taps = window(x!, attributes, row, column).flatMap(([y, z, dy, dx]) =>
      range(channels).map(
        (c) => at(x!, n, y, z, first + c) * kernel[((dy * (attributes['size'] as number) + dx) * channels + c) * filters + k]!,
      ),
    )
    return sum(taps) + (attributes['bias'] ? of('bias')[k]! : 0)
  })

export const textbook: Readonly<Record<string, (context: Context) => number[]>> = {
  input: ({ inputs: [x] }) => Array.from(x!.values),
  conv2d: convolved,
  'ws-conv2d'(context) {
    const [kernel, gain, filters] = [Array.from(context.of('kernel')), context.of('gamma'), context.output[3]!]
    const entries = range(filters).map((k) => kernel.filter((_, i) => i % filters === k))
    const standardised = kernel.map((value, i) => {
      const own = entries[i % filters]!
      const variance = mean(own.map((other) => (other - mean(own)) ** 2)) + (context.attributes['epsilon'] as number)
      return (gain[i % filters]! * (value - mean(own))) / Math.sqrt(variance * own.length)
    })
    return convolved({ ...context, of: (name) => (name === 'kernel' ? standardised : context.of(name)) })
  },
  'skew-conv2d'({ inputs: [x], of, attributes, output }) {
    const [size, terms] = [attributes['size'] as number, attributes['terms'] as number]
    const [n, height, width, channels] = x!.shape as [number, number, number, number]
    const inner = Math.max(channels, output[3]!)
    const kernel = skewKernel(of('kernel'), size, inner)
    const shape = [n, height, width, inner]
    let term = overImage(shape, (i, y, z, c) => (c < channels ? at(x!, i, y, z, c) : 0))
    let total = term
    for (const k of range(terms).map((i) => i + 1)) {
      const before = { shape, values: term }
      term = overImage(shape, (i, row, column, o) => {
        const taps = window(before, { size, stride: 1, padding: 'same' }, row, column).flatMap(([y, z, dy, dx]) =>
          range(inner).map((c) => at(before, i, y, z, c) * kernel[((dy * size + dx) * inner + c) * inner + o]!),
        )
        return sum(taps) / k
      })
      total = total.map((value, i) => value + term[i]!)
    }
    const whole = { shape, values: total }
    return overImage(output, (i, y, z, c) => at(whole, i, y, z, c) + (attributes['bias'] ? of('bias')[c]! : 0))
  },
  'orthogonal-conv2d'({ inputs: [x], of, attributes, output }) {
    const [size, stride] = [attributes['size'] as number, attributes['stride'] as number]
    const [, height, width, channels] = x!.shape as [number, number, number, number]
    const before = Math.floor((size - stride) / 2)
    const kernel = orthogonalKernel(of, { channels, filters: output[3]!, size, stride })
    return overImage(output, (n, row, column, k) => {
      const taps = range(size).flatMap((dy) =>
        range(size).flatMap((dx) => {
          const [y, z] = [row * stride + dy - before, column * stride + dx - before]
          return range(channels).map((c) => at(x!, n, (y + height) % height, (z + width) % width, c) * kernel(dy, dx)[c]![k]!)
        }),
      )
      return sum(taps) + (attributes['bias'] ? of('bias')[k]! : 0)
    })
  },
  'reflection-conv2d'({ inputs: [x], of, attributes }) {
    const [filters, size] = [attributes['filters'] as number, attributes['size'] as number]
    const [, height, width, channels] = x!.shape as [number, number, number, number]
    const kernel = orthogonalKernel(of, { channels, filters, size, stride: 1 })
    const before = Math.floor((size - 1) / 2)
    const around = (y: number, side: number): number => (y + side) % side
    const taps = range(size).flatMap((dy) => range(size).map((dx) => [dy, dx] as const))
    const shape = [x!.shape[0]!, height, width, filters]
    const values = overImage(shape, (n, row, column, k) => {
      const seen = taps.flatMap(([dy, dx]) => {
        const [y, z] = [around(row + dy - before, height), around(column + dx - before, width)]
        return range(channels).map((c) => at(x!, n, y, z, c) * kernel(dy, dx)[c]![k]!)
      })
      return Math.max(0, sum(seen) + (attributes['bias'] ? of('bias')[k]! : 0))
    })
    return overImage(x!.shape, (n, row, column, c) => {
      const back = taps.flatMap(([dy, dx]) => {
        const [y, z] = [around(row - dy + before, height), around(column - dx + before, width)]
        return range(filters).map((k) => at({ shape, values }, n, y, z, k) * kernel(dy, dx)[c]![k]!)
      })
      return at(x!, n, row, column, c) - 2 * sum(back)
    })
  },
  scale: ({ inputs: [x], of, attributes: { value, learned } }) =>
    Array.from(x!.values, (entry) => entry * (learned ? of('gamma')[0]! : (value as number))),
  shift: ({ inputs: [x], of }) => Array.from(x!.values, (entry) => entry + of('beta')[0]!),
  'batch-norm'({ inputs: [x], of, attributes, training }) {
    // Channels stand last, of images as of vectors.
    const channels = x!.shape.at(-1)!
    const statistics = range(channels).map((c) => {
      if (!training) return { mean: of('mean')[c]!, variance: of('variance')[c]! }
      const own = Array.from(x!.values).filter((_, i) => i % channels === c)
      return { mean: mean(own), variance: mean(own.map((value) => (value - mean(own)) ** 2)) }
    })
    return Array.from(x!.values, (value, i) => {
      const { mean, variance } = statistics[i % channels]!
      const scaled = (value - mean) / Math.sqrt(variance + (attributes['epsilon'] as number))
      return of('gamma')[i % channels]! * scaled + of('beta')[i % channels]!
    })
  },
  'depthwise-conv2d': ({ inputs: [x], of, attributes, output }) =>
    overImage(output, (n, row, column, k) => {
      const [size, multiplier] = [attributes['size'] as number, attributes['multiplier'] as number]
      const c = Math.floor(k / multiplier)
      const taps = window(x!, attributes, row, column).map(
        ([y, z, dy, dx]) =>
          at(x!, n, y, z, c) * of('kernel')[((dy * size + dx) * x!.shape[3]! + c) * multiplier + (k % multiplier)]!,
      )
      return sum(taps) + (attributes['bias'] ? of('bias')[k]! : 0)
    }),
  dropout: ({ inputs: [x] }) => Array.from(x!.values),
  'group-norm': (context) => grouped(context, context.attributes['groups'] as number),
  'layer-norm'(context) {
    if (context.attributes['over'] === 'image') return grouped(context, 1)
    const channels = context.output[context.output.length - 1]!
    const [gamma, beta] = [context.of('gamma'), context.of('beta')]
    return atPlaces(context, true).map((value, i) => gamma[i % channels]! * value + beta[i % channels]!)
  },
  'rms-norm': (context) => atPlaces(context, false).map((value, i) => context.of('gamma')[i % context.output.at(-1)!]! * value),
  attention({ inputs: [q, k, v], attributes, output }) {
    const heads = attributes['heads'] as number
    const [size, width] = [q!.shape[3]! / heads, q!.shape[2]!]
    const places = range(q!.shape[1]! * width).map((place): [number, number] => [Math.floor(place / width), place % width])
    return overImage(output, (n, y, x, c) => {
      const head = Math.floor((c * heads) / output[3]!)
      const channels = range(size).map((i) => head * size + i)
      const scores = places.map(([row, column]) =>
        Math.exp(sum(channels.map((i) => at(q!, n, y, x, i) * at(k!, n, row, column, i))) / Math.sqrt(size)),
      )
      return sum(places.map(([row, column], i) => (scores[i]! / sum(scores)) * at(v!, n, row, column, c)))
    })
  },
  position: ({ inputs: [x], of, output }) =>
    Array.from(x!.values, (value, i) => value + of('beta')[i % (output[1]! * output[2]! * output[3]!)]!),
  'class-token': ({ inputs: [x], attributes, of, output }) => {
    const [width, tokens] = [x!.shape[2]!, attributes['tokens'] as number]
    return overImage(output, (n, y, _, c) =>
      y < tokens ? of('beta')[y * output[3]! + c]! : at(x!, n, Math.floor((y - tokens) / width), (y - tokens) % width, c),
    )
  },
  token: ({ inputs: [x], attributes, output }) => {
    const [place, width] = [attributes['place'] as number, x!.shape[2]!]
    return range(output[0]!).flatMap((n) => range(output[1]!).map((c) => at(x!, n, Math.floor(place / width), place % width, c)))
  },
  'leaky-relu': ({ inputs: [x], attributes }) =>
    Array.from(x!.values, (value) => (value > 0 ? value : (attributes['slope'] as number) * value)),
  abs: ({ inputs: [x] }) => Array.from(x!.values, Math.abs),
  channels: ({ inputs: [x], attributes, output }) =>
    overImage(output, (n, y, z, c) => at(x!, n, y, z, (attributes['first'] as number) + c)),
  elu: ({ inputs: [x] }) => Array.from(x!.values, (value) => (value > 0 ? value : Math.expm1(value))),
  gelu: ({ inputs: [x] }) => Array.from(x!.values, (value) => value * normalDistribution(value)),
  swish: ({ inputs: [x] }) => Array.from(x!.values, (value) => value / (1 + Math.exp(-value))),
  'clipped-relu': ({ inputs: [x], attributes: { most } }) =>
    Array.from(x!.values, (value) => Math.min(Math.max(value, 0), most as number)),
  sigmoid: ({ inputs: [x] }) => Array.from(x!.values, (value) => 1 / (1 + Math.exp(-value))),
  'hard-sigmoid': ({ inputs: [x] }) => Array.from(x!.values, (value) => Math.min(Math.max(value + 3, 0), 6) / 6),
  'hard-swish': ({ inputs: [x] }) => Array.from(x!.values, (value) => (value * Math.min(Math.max(value + 3, 0), 6)) / 6),
  tanh: ({ inputs: [x] }) => Array.from(x!.values, Math.tanh),
  relu: ({ inputs: [x] }) => Array.from(x!.values, (value) => Math.max(value, 0)),
  add: ({ inputs }) => Array.from(inputs[0]!.values, (_, i) => sum(inputs.map(({ values }) => values[i]!))),
  multiply: ({ inputs, output }) => {
    const [a, b] = inputs.map(({ shape, values }) => ({ shape: spatial(shape), values })) as [Value, Value]
    // A side of one has its entry for all of the other's.
    const of = (x: Value, at: readonly number[]): number =>
      x.values[at.reduce((index, i, axis) => index * x.shape[axis]! + (x.shape[axis] === 1 ? 0 : i), 0)]!
    return overImage(spatial(output), (...place) => of(a, place) * of(b, place))
  },
  concatenate: ({ inputs, output }) =>
    overImage(output, (n, y, x, c) => {
      let channel = c
      const part = inputs.find(({ shape }) => channel < shape[3]! || ((channel -= shape[3]!), false))!
      return at(part, n, y, x, channel)
    }),
  'average-pool': (context) => {
    const { size, padding } = context.attributes
    // Zeros that are put around count, as PyTorch has it; where SAME's windows reach over the edge nothing is put.
    const counts = padding === 'symmetric' || padding === 'explicit'
    return pooled((values) => (counts ? sum(values) / (size as number) ** 2 : mean(values)))(context)
  },
  'max-pool': pooled((values) => Math.max(...values)),
  'global-average-pool': global(mean),
  'l2-pool': ({ attributes, ...context }) =>
    pooled(euclidean)({ ...context, attributes: { size: attributes['size'], stride: attributes['size'], padding: 'valid' } }),
  'global-l2-pool': global(euclidean),
  duplicate: ({ inputs: [x], output }) => overImage(output, (n, y, z, c) => at(x!, n, y, z, c % x!.shape[3]!)),
  'padding-shortcut': ({ inputs: [x], attributes, output }) =>
    overImage(output, (n, y, z, c) => {
      const stride = attributes['stride'] as number
      const old = x!.shape[3]!
      const channel = attributes['side'] === 'both' ? c - Math.floor((output[3]! - old) / 2) : c
      return channel >= 0 && channel < old ? at(x!, n, y * stride, z * stride, channel) : 0
    }),
  dense({ inputs: [x], of, attributes, output: [batch, units] }) {
    const features = x!.values.length / batch!
    return range(batch!).flatMap((n) =>
      range(units!).map(
        (u) =>
          sum(range(features).map((f) => x!.values[n * features + f]! * of('kernel')[f * units! + u]!)) +
          (attributes['bias'] ? of('bias')[u]! : 0),
      ),
    )
  },
  'softmax-cross-entropy'({ inputs: [x], labels }) {
    const [batch, classes] = x!.shape as [number, number]
    const losses = range(batch).map((n) => {
      const row = range(classes).map((c) => x!.values[n * classes + c]!)
      return Math.log(sum(row.map((logit) => Math.exp(logit)))) - row[labels[n]!]!
    })
    return [mean(losses)]
  },
}

/** The output of a layer at the values that it has now, by its definition. */
export function textbookForward({ op, attributes, variables, labels, outputShape }: OpenOp, training: boolean): number[] {
  return textbook[op.kind]!({
    inputs: variables.filter(({ role }) => role === 'input'),
    of: (name) => variables.find((variable) => variable.name === name)!.values,
    attributes,
    labels,
    output: outputShape,
    training,
  })
}
