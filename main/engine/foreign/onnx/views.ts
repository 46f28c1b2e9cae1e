import type { ForeignTensor } from '../network'
import { type Atom, type Axes, reached, sameAxes, single, sizeOf, standardAxes } from './axes'
import type { Constant } from '../../../formats/onnx/model'
import type { Converter, Factor, View } from './converter'

/** All that leaves a layer, in some order of axes. */
export interface WholeView {
  readonly layer: number
  readonly axes: Axes
}
interface Refusal {
  readonly why: string
}

/** @returns undefined where zeros were put around, pixels were left out, or nobody knows its shape. */
export function axesOf(c: Converter, value: View): Axes | undefined {
  if (value.axes) return value.axes
  const shape = c.list.shape(value.layer)
  return shape && !value.pads && !value.steps ? standardAxes(shape, c.batch) : undefined
}

/** A value in these axes; in those that layers here have, it says none. */
export function viewed(c: Converter, { layer, axes, from, factor }: View & { readonly axes: Axes }): View {
  const shape = c.list.shape(layer)
  const isPlain = shape !== null && !from && factor === undefined && sameAxes(axes, standardAxes(shape, c.batch))
  return isPlain ? { layer } : { layer, axes, ...(from && { from }), ...(factor !== undefined && { factor }) }
}

/** What of a layer's value is meant, as the value of a layer: channels of a product on each token become a product of their own, a single place is read by `token`. */
export function wholeOf(c: Converter, value: View): WholeView | Refusal {
  const axes = axesOf(c, value)
  const shape = c.list.shape(value.layer)
  if (!axes || !shape) return { why: value.pads ? 'zeros were put around its image' : 'the shape of what enters it is not known' }
  const { factor } = value
  const chosen = chosenOf(c, { ...value, axes }, shape)
  if ('why' in chosen) return chosen
  if (!c.list.shape(chosen.layer)) return { why: 'the shape of what enters it is not known' }
  return factor === undefined ? chosen : { layer: scaled(c, 'scale', chosen.layer, factor), axes: chosen.axes }
}

/** A layer for a factor, which is learned but where it is a number of the program. */
export function scaled(c: Converter, name: string, layer: number, { value, isLearned }: Factor): number {
  const learned = { scale: { shape: [1], order: 'torch', read: () => Float32Array.of(value) } } as const
  return isLearned === false
    ? c.list.add({ name, kind: 'scale', attributes: { value: single(value), learned: false }, inputs: [layer] })
    : c.list.add({ name, kind: 'scale', attributes: {}, inputs: [layer] }, learned)
}

/** A value times one number. */
export function times(c: Converter, value: View & { readonly axes: Axes }, constant: Constant): View | Refusal {
  const factor = { value: constant.floats()[0]!, isLearned: constant.isTold === undefined ? undefined : !constant.isTold }
  const before = value.factor
  if (before === undefined) return viewed(c, { ...value, factor })
  if (before.isLearned === false && factor.isLearned === false)
    return viewed(c, { ...value, factor: { value: before.value * factor.value, isLearned: false } })
  const whole = wholeOf(c, value)
  return 'why' in whole ? whole : viewed(c, { ...whole, factor })
}

const FIRST: readonly [number, number, number] = [0, 0, 0]

function chosenOf(c: Converter, value: View & { readonly axes: Axes }, shape: readonly number[]): WholeView | Refusal {
  const { layer, axes, from = FIRST } = value
  const atoms = axes.flat()
  const sizes = ([0, 1, 2] as const).map((of) => sizeOf(atoms.filter((atom) => atom.of === of)))
  const [height, width, channels] = shape.length === 3 ? (shape as [number, number, number]) : [1, 1, shape[0] ?? 1]
  const isAllOver = sizes[0] === height && sizes[1] === width
  if (isAllOver && sizes[2] === channels) return { layer, axes }
  if (isAllOver) return channelsOf(c, { ...value, from }, sizes[2]!)
  if (sizes[0] !== 1 || sizes[1] !== 1 || sizes[2] !== channels) return { why: 'it takes a part of its input' }
  const place = from[0] * width + from[1]
  return { layer: c.list.add({ name: 'token', kind: 'token', attributes: place === 0 ? {} : { place }, inputs: [layer] }), axes }
}

/** A file of some megabytes could otherwise ask for layers of any size, each of other channels of one product. */
const MOST_TAKEN = 4

/** Some of the channels that a product on each token makes: the product with those rows of its kernel. */
function channelsOf(
  c: Converter,
  value: View & { readonly axes: Axes; readonly from: readonly number[] },
  count: number,
): WholeView | Refusal {
  const { layer, axes, from } = value
  const source = c.list.layers[layer]!
  const { kernel, bias } = c.list.tensors[layer]!
  const isPlain =
    source.kind === 'conv2d' && Object.keys(source.attributes).every((name) => ['filters', 'size', 'bias'].includes(name))
  const outward = axes
    .flat()
    .filter(({ of }) => of === 2)
    .sort((a, b) => b.step - a.step)
  if (!isPlain || source.attributes['size'] !== 1 || kernel?.order !== 'torch' || kernel.shape.length !== 4)
    return neighbours(c, value, outward, count)
  const last = outward.reduce((at, { size, step }) => at + (size - 1) * step, from[2]!)
  if (sizeOf(outward) !== count || last >= kernel.shape[0]!) return { why: 'it takes some of the channels of its input' }
  const steps = new Map(outward.map((atom, i) => [atom, sizeOf(outward.slice(i + 1))]))
  const key = JSON.stringify([layer, from[2], outward.map(({ size, step }) => [size, step])])
  let made = c.cuts.get(key)
  if (made === undefined) {
    const taken = (c.cutRows.get(layer) ?? 0) + count
    if (taken > MOST_TAKEN * kernel.shape[0]!)
      return { why: `the channels of its input are taken more than ${MOST_TAKEN} times, each time others` }
    c.cutRows.set(layer, taken)
    const rows = (): number[] => reached(outward).map((row) => row + from[2]!)
    made = c.list.add(
      { ...source, attributes: { ...source.attributes, filters: count } },
      { kernel: rowsOf(kernel, count, rows), ...(bias && { bias: rowsOf(bias, count, rows) }) },
    )
    c.cuts.set(key, made)
  }
  c.list.spare(layer)
  return { layer: made, axes: axes.map((axis) => axis.map((atom): Atom => ({ ...atom, step: steps.get(atom) ?? atom.step }))) }
}

/** Channels of an image that lie behind one another. */
function neighbours(
  c: Converter,
  { layer, axes, from }: View & { readonly axes: Axes; readonly from: readonly number[] },
  outward: readonly Atom[],
  count: number,
): WholeView | Refusal {
  const first = from[2]!
  const isOfImage = c.list.shape(layer)!.length === 3 && first + count <= c.list.shape(layer)![2]!
  // Not by a list of them: a file of a kilobyte may join millions.
  const areNeighbours = outward.every(({ size, step }, i) => size === 1 || step === sizeOf(outward.slice(i + 1)))
  if (!isOfImage || sizeOf(outward) !== count || !areNeighbours) return { why: 'it takes some of the channels of its input' }
  const attributes = { ...(first > 0 && { first }), count }
  return { layer: c.list.add({ name: 'channels', kind: 'channels', attributes, inputs: [layer] }), axes }
}

function rowsOf(tensor: ForeignTensor, count: number, rows: () => readonly number[]): ForeignTensor {
  return {
    shape: [count, ...tensor.shape.slice(1)],
    order: 'torch',
    read() {
      const values = tensor.read()
      const length = values.length / tensor.shape[0]!
      const result = new Float32Array(count * length)
      rows().forEach((row, at) => result.set(values.subarray(row * length, (row + 1) * length), at * length))
      return result
    },
  }
}

/** All channels of one place behind one another. */
export const isChannels = (axis: readonly Atom[] | undefined, channels: number): boolean =>
  axis !== undefined && sameAxes([axis], [[{ of: 2, size: channels, step: 1 }]])
