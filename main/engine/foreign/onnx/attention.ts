import type { Constant } from '../../../formats/onnx/model'
import { type Atom, type Axes, sameAxes, sameOrder, sizeOf } from './axes'
import type { Converter, Products, View } from './converter'
import type { Operator, Outcome } from './operator'
import { perToken } from './tokens'
import { axisOf } from './turned'
import { scaled, times, viewed, wholeOf } from './views'

/** Attention in heads, as one operator or as the products and the softmax that it is made of. */

type Viewed = View & { readonly axes: Axes }
interface Asked {
  readonly queries: Viewed
  readonly keys: Viewed
  readonly values: Viewed
  readonly factor: number
}

const swapped = (axes: Axes): Axes => [...axes.slice(0, -2), axes[axes.length - 1]!, axes[axes.length - 2]!]
const plainOf = ({ layer, axes, from }: Viewed): Viewed => ({ layer, axes, ...(from && { from }) })
const isPlaces = (axis: readonly Atom[]): boolean => axis.every(({ of }) => of === 0 || of === 1)

/** The order that attention has here: batch, heads, places, channels of a head. */
const headOrder = (batch: readonly Atom[], [height, width, channels]: readonly number[], own: number): Atom[] => [
  ...batch,
  { of: 2, size: channels! / own, step: own },
  { of: 0, size: height!, step: 1 },
  { of: 1, size: width!, step: 1 },
  { of: 2, size: own, step: 1 },
]

/** @param name What messages call it. */
function attend(c: Converter, name: string, asked: Asked): Outcome {
  const inputs: number[] = []
  const heads: number[] = []
  const orders: Axes[] = []
  // What is multiplied with 1/√d there is a layer's own; a number that is surely learned stays a layer.
  const absorbed = [asked.queries, asked.keys].flatMap(({ factor }) => (factor && factor.isLearned !== true ? [factor] : []))
  const told = absorbed.reduce((product, { value }) => product * value, asked.factor)
  const factor = told * Math.sqrt(sizeOf(asked.queries.axes.at(-1)!))
  for (const value of [asked.queries, asked.keys, asked.values]) {
    const isAsked = value === asked.values || value.factor?.isLearned === true
    const whole = wholeOf(c, isAsked ? value : plainOf(value))
    if ('why' in whole) return whole
    const shape = c.list.shape(whole.layer)!
    const own = sizeOf(whole.axes.at(-1)!)
    const batch = whole.axes.flat().filter(({ of }) => of === 'batch')
    if (shape.length !== 3 || shape[2]! % own !== 0 || !sameOrder(whole.axes, [headOrder(batch, shape, own)]))
      return { why: 'what attends is not cut into heads of neighbouring channels, with the places of an image between' }
    if (
      !isPlaces(whole.axes.at(-2)!) ||
      whole.axes
        .slice(0, -2)
        .flat()
        .some((atom) => isPlaces([atom]))
    )
      return { why: 'it is not over all places of an image at once' }
    inputs.push(whole.layer)
    heads.push(shape[2]! / own)
    orders.push(whole.axes)
  }
  const [queries, keys, values] = inputs.map((layer) => c.list.shape(layer)!) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ]
  if (queries.join() !== keys.join() || keys[0] !== values[0] || keys[1] !== values[1])
    return { why: 'its queries are of other places or channels than its keys' }
  if (new Set(heads).size !== 1) return { why: 'its queries, keys and values are cut into different numbers of heads' }
  if (new Set(orders.map((axes) => axes.slice(0, -2).map(sizeOf).join())).size !== 1)
    return { why: 'its queries, keys and values are in other axes than one another' }
  if (!Number.isFinite(factor) || Math.abs(factor) > 1e6)
    return { why: 'what its products are multiplied with is no number that a layer takes' }
  if (Math.abs(factor - 1) > 1e-5) inputs[0] = scaled(c, name, inputs[0]!, { value: factor, isLearned: false })
  else ['q', 'k', 'v'].forEach((word, at) => c.list.call(inputs[at]!, word))
  const layer = c.list.add({ name, kind: 'attention', attributes: { heads: heads[0] }, inputs })
  // The values' channels in the queries' axes.
  const own = values[2]! / heads[0]!
  const axes = orders[0]!.map((axis, at) =>
    at === orders[0]!.length - 1
      ? own === 1
        ? []
        : [{ of: 2 as const, size: own, step: 1 }]
      : axis.map((atom) => (atom.of === 2 ? { ...atom, step: own } : atom)),
  )
  return viewed(c, { layer, axes })
}

/** Of two values: queries with keys, or softmaxed products with values. */
export function multiplied(c: Converter, name: string, first: string | undefined, second: string | undefined): Outcome {
  const [a, b] = [c.value(first), c.value(second)]
  const [left, right] = [c.view(first), c.view(second)]
  const why = 'it multiplies two values'
  if (left && right) {
    const isFitting =
      left.axes.length >= 3 && right.axes.length === left.axes.length && sizeOf(left.axes.at(-1)!) === sizeOf(right.axes.at(-2)!)
    if (!isFitting || !left.axes.at(-1)!.every(({ of }) => of === 2)) return { why }
    const keys = { ...right, axes: swapped(right.axes) }
    return { products: { queries: left, keys, factor: 1, isSoftmax: false, isTurned: false } }
  }
  const isTurned = 'products' in b
  const products = 'products' in a ? a.products : isTurned ? b.products : undefined
  const values = isTurned ? left : right
  if (!products || !values || !products.isSoftmax || products.isTurned !== isTurned || values.axes.length < 3) return { why }
  const { queries, keys, factor } = products as Products & { queries: Viewed; keys: Viewed }
  const found = attend(c, name, { queries, keys, factor, values: isTurned ? { ...values, axes: swapped(values.axes) } : values })
  if (!isTurned || !('layer' in found)) return found
  const view = found.axes ? { ...found, axes: found.axes } : undefined
  return view ? viewed(c, { ...view, axes: swapped(view.axes) }) : { why }
}

export const softmax: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  if (!('products' in value)) return { why: 'it stands neither at the end nor behind queries and keys' }
  const { products } = value
  const count = products.queries.axes!.length
  if (products.isTurned || products.isSoftmax || axisOf(node.attributes.int('axis', c.axisOfSoftmax), count) !== count - 1)
    return { why: 'it is not of each query’s products' }
  return { products: { ...products, isSoftmax: true } }
}

/** Products times a number, which is the same of the queries. */
export function scaledProducts(c: Converter, products: Products, factor: Constant): Outcome {
  if (products.isSoftmax) return { why: 'it multiplies the weights of an attention' }
  const queries = times(c, products.queries as Viewed, factor)
  return 'why' in queries ? queries : { products: { ...products, queries } }
}

/** As ONNX has it from opset 23 on, of queries, keys and values in four axes; `scale` absent is 1/√d. */
export const attention: Operator = (node, c) => {
  const { attributes } = node
  const [queries, keys, values] = node.inputs.slice(0, 3).map((name) => c.view(name))
  if (!queries || !keys || !values) return { why: 'its queries, keys and values are not worked out of images' }
  if (node.inputs.slice(3).some((name) => name !== '')) return { why: 'a mask goes into it' }
  if (attributes.int('is_causal', 0) !== 0 || attributes.float('softcap', 0) !== 0)
    return { why: 'it leaves out or bounds some of the products' }
  if (queries.axes.length < 4 && attributes.int('q_num_heads', 1) !== 1) return { why: 'it cuts the heads by itself' }
  const factor = attributes.has('scale') ? attributes.float('scale', 1) : 1 / Math.sqrt(sizeOf(queries.axes.at(-1)!))
  return attend(c, node.name, { queries, keys, values, factor })
}

/** Rows of a matrix or a vector of constants. */
function part(constant: Constant | undefined, first: number, count: number): Constant | undefined {
  if (!constant) return undefined
  const row = constant.length / constant.dims[0]!
  return {
    dims: [count, ...constant.dims.slice(1)],
    length: count * row,
    floats: () => constant.floats().slice(first * row, (first + count) * row),
    integers: () => undefined,
  }
}

/**
 * PyTorch's module: queries, keys and values, the kernels of all three below one another or each by itself, their biases, kernel and bias of what leaves.
 *
 * Its inputs: three values; one kernel or three; the common bias; the last kernel; its bias. What is absent is empty.
 */
export const multiHead: Operator = (node, c) => {
  const names = node.inputs.slice(0, 3)
  const [all, q, k, v, bias, out, outBias] = node.inputs.slice(3).map((name) => c.constant(name))
  const heads = node.attributes.int('num_heads', 0)
  const width = out?.dims[1] ?? 0
  const isWhole = all
    ? all.dims.join() === [3 * width, all.dims[1]].join()
    : q && k && v && [q, k, v].every(({ dims }) => dims[0] === width)
  if (!out || out.dims.length !== 2 || !isWhole || (bias && bias.dims.join() !== String(3 * width)))
    return { why: 'its kernels are no tensors of its own' }
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    return { why: `${heads} heads do not divide its ${width} channels` }
  const views: Viewed[] = []
  for (const [at, name] of names.entries()) {
    const kernel = all ? part(all, at * width, width)! : [q, k, v][at]!
    const found = perToken(c, node.name, c.view(name), kernel, part(bias, at * width, width))
    if ('why' in found) return found
    const view = c.viewOf(found)
    const axes = view && headed(view.axes, width / heads, width, node.attributes.int('batch_axis', 0))
    if (!view) return { why: 'no batch of tokens enters it' }
    if (!axes) return { why: NOT_TOKENS }
    views.push({ ...view, axes })
  }
  const [queries, keys, values] = views as [Viewed, Viewed, Viewed]
  if (node.attributes.float('dropout', 0) > 0) c.list.say('left', DROPS)
  const found = attend(c, node.name, { queries, keys, values, factor: 1 / Math.sqrt(width / heads) })
  if (!('layer' in found) || !found.axes) return found
  // Batch, heads, places, a head’s channels; and back to what entered.
  const entered = c.view(names[0])!.axes
  const joined = entered.map((axis, at): readonly Atom[] =>
    at === entered.length - 1 ? (width === 1 ? [] : [{ of: 2, size: width, step: 1 }]) : axis,
  )
  return perToken(c, node.name, { layer: found.layer, axes: joined }, out, outBias)
}

export const DROPS = 'dropout of an attention’s weights, which does something in training alone'

const NOT_TOKENS = 'the images and their places are not where its batch_first says, each in an axis of their own'

/** Tokens’ axes with the channels cut: batch, heads, places, a head’s channels. @param at Where the batch is: 0 or 1. */
function headed(axes: Axes, own: number, width: number, at: number): Axes | undefined {
  const [batch, places] = at === 0 ? axes : [axes[1], axes[0]]
  if (axes.length !== 3 || !batch!.every(({ of }) => of === 'batch') || !isPlaces(places!)) return undefined
  if (!sameAxes([axes.at(-1)!], [[{ of: 2, size: width, step: 1 }]])) return undefined
  return [batch!, [{ of: 2, size: width / own, step: own }], places!, [{ of: 2, size: own, step: 1 }]]
}
