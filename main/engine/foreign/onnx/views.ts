import type { ForeignTensor } from '../network'
import { type Atom, type Axes, reached, sameAxes, sizeOf, standardAxes } from './axes'
import type { Converter, View } from './converter'

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
  if (factor === undefined) return chosen
  const attributes = { value: factor, learned: false }
  return { layer: c.list.add({ name: 'scale', kind: 'scale', attributes, inputs: [chosen.layer] }), axes: chosen.axes }
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
  if (!isPlain || source.attributes['size'] !== 1 || kernel?.order !== 'torch' || kernel.shape.length !== 4)
    return { why: 'it takes some of the channels of its input' }
  const outward = axes
    .flat()
    .filter(({ of }) => of === 2)
    .sort((a, b) => b.step - a.step)
  const rows = reached(outward).map((row) => row + from[2]!)
  if (rows.length !== count || rows.some((row) => row >= kernel.shape[0]!))
    return { why: 'it takes some of the channels of its input' }
  const steps = new Map(outward.map((atom, i) => [atom, sizeOf(outward.slice(i + 1))]))
  const key = `${layer} ${rows.join()}`
  const made =
    c.cuts.get(key) ??
    c.list.add(
      { ...source, attributes: { ...source.attributes, filters: rows.length } },
      { kernel: rowsOf(kernel, rows), ...(bias && { bias: rowsOf(bias, rows) }) },
    )
  c.cuts.set(key, made)
  c.list.spare(layer)
  return { layer: made, axes: axes.map((axis) => axis.map((atom): Atom => ({ ...atom, step: steps.get(atom) ?? atom.step }))) }
}

function rowsOf(tensor: ForeignTensor, rows: readonly number[]): ForeignTensor {
  return {
    shape: [rows.length, ...tensor.shape.slice(1)],
    order: 'torch',
    read() {
      const values = tensor.read()
      const length = values.length / tensor.shape[0]!
      const result = new Float32Array(rows.length * length)
      rows.forEach((row, at) => result.set(values.subarray(row * length, (row + 1) * length), at * length))
      return result
    },
  }
}

/** All channels of one place behind one another. */
export const isChannels = (axis: readonly Atom[] | undefined, channels: number): boolean =>
  axis !== undefined && sameAxes([axis], [[{ of: 2, size: channels, step: 1 }]])
