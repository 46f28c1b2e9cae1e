import type { Constant } from '../../../formats/onnx/model'
import type { ForeignTensor } from '../network'
import { type Axes, sameOrder, sizeOf } from './axes'
import { sameAlong } from './constants'
import type { Converter, View } from './converter'
import type { Outcome } from './operator'
import { axisOf } from './turned'
import { isChannels, viewed, wholeOf } from './views'

/** Operators on the channels of each place, and on places: a Transformer's, whose tokens stay an image here. */

type Viewed = View & { readonly axes: Axes }
type Kernel = Pick<Constant, 'dims' | 'floats'>

const UNSEEN = { why: 'the shape of what enters it is not known' } as const

export const torch = (tensor: Kernel): ForeignTensor => ({ shape: tensor.dims, order: 'torch', read: () => tensor.floats() })

/** A dense layer on the last axis: of each token a convolution of one pixel. @param kernel Out × in. */
export function perToken(
  c: Converter,
  name: string,
  value: Viewed | undefined,
  kernel: Kernel,
  bias: Constant | undefined,
): Outcome {
  if (!value) return UNSEEN
  const [units, entering] = kernel.dims as [number, number]
  if (kernel.dims.length !== 2 || (bias && bias.dims.join() !== String(units)))
    return { why: 'its weights are no matrix with a bias for each row' }
  const whole = wholeOf(c, value)
  if ('why' in whole) return whole
  const { layer, axes } = whole
  const shape = c.list.shape(layer)!
  const own = axes[axes.length - 1] ?? []
  const isRow = axes
    .slice(0, -1)
    .flat()
    .every(({ of }) => of === 'batch')
  if (sizeOf(own) !== entering) return { why: `it takes ${entering} features, and ${sizeOf(own)} enter it` }
  if (isRow && shape.length === 3) return flatDense(c, name, layer, shape, axes, kernel, bias)
  if (!isChannels(own, shape[shape.length - 1]!)) return { why: 'it is of another axis than the channels' }
  const tensors = {
    kernel: { ...torch(kernel), ...(!isRow && { shape: [units, entering, 1, 1] }) },
    ...(bias && { bias: torch(bias) }),
  }
  const word = c.list.layers[layer]!.kind === 'attention' ? 'out' : 'dense'
  const made = isRow
    ? c.list.add({ name, kind: 'dense', attributes: { units, ...(!bias && { bias: false }) }, inputs: [layer] }, tensors)
    : c.list.add(
        {
          name,
          kind: 'conv2d',
          word,
          attributes: { filters: units, size: 1, ...(bias && { bias: true }) },
          inputs: [layer],
        },
        tensors,
      )
  return viewed(c, { layer: made, axes: [...axes.slice(0, -1), units === 1 ? [] : [{ of: 2, size: units, step: 1 }]] })
}

/** A dense layer on all of an image, whose numbers lie behind one another as they do here, or as PyTorch flattens an image. */
function flatDense(
  c: Converter,
  name: string,
  layer: number,
  [height, width, channels]: readonly number[],
  axes: Axes,
  kernel: Kernel,
  bias: Constant | undefined,
): Outcome {
  const places = [
    { of: 0 as const, size: height!, step: 1 },
    { of: 1 as const, size: width!, step: 1 },
  ]
  const own = { of: 2 as const, size: channels!, step: 1 }
  const isOwn = sameOrder([axes.at(-1)!], [[...places, own]])
  if (!isOwn && !sameOrder([axes.at(-1)!], [[own, ...places]])) return { why: 'it takes the pixels of an image in another order' }
  const [units, rows] = kernel.dims as [number, number]
  const read = (): Float32Array => {
    const values = kernel.floats()
    return Float32Array.from(values, (_, at) => values[(at % units) * rows + Math.floor(at / units)]!)
  }
  const tensors = {
    kernel: isOwn ? { shape: [rows, units], order: 'own' as const, read } : torch(kernel),
    ...(bias && { bias: torch(bias) }),
  }
  return {
    layer: c.list.add({ name, kind: 'dense', attributes: { units, ...(!bias && { bias: false }) }, inputs: [layer] }, tensors),
  }
}

/** A constant that the file has for each image of its batch, once where it is the same for all of them. */
export function onceForAll(c: Converter, view: Viewed, constant: Constant): Constant {
  const axis = view.axes.findIndex((one) => one.some(({ of }) => of === 'batch')) - view.axes.length + constant.dims.length
  const isForEach = c.batch > 1 && !c.isOpen && constant.dims[axis] === c.batch
  return (isForEach ? sameAlong(constant, axis) : undefined) ?? constant
}

/** A constant for each value of an image, the same for all images; undefined where it is for fewer. */
export function position(c: Converter, name: string, value: Viewed | undefined, constant: Constant): Outcome | undefined {
  const whole = value && wholeOf(c, value)
  if (!whole || 'why' in whole) return undefined
  const { layer, axes } = whole
  const shape = c.list.shape(layer)!
  const dims = [...Array.from({ length: Math.max(0, axes.length - constant.dims.length) }, () => 1), ...constant.dims]
  const isOwn = axes.every((axis, at) => dims[at] === (axis.some(({ of }) => of === 'batch') ? 1 : sizeOf(axis)))
  if (shape.length !== 3 || dims.length !== axes.length || !isOwn) return undefined
  const read = (): Float32Array => inOwnOrder(constant.floats(), axes, shape)
  return viewed(c, {
    layer: c.list.add({ name, kind: 'position', attributes: {}, inputs: [layer] }, { shift: { shape, order: 'own', read } }),
    axes,
  })
}

/** Numbers in these axes as height, width, channels. */
function inOwnOrder(values: Float32Array, axes: Axes, [, width, channels]: readonly number[]): Float32Array {
  const atoms = axes.flat().filter(({ of }) => of !== 'batch')
  const steps = { 0: width! * channels!, 1: channels!, 2: 1 }
  const result = new Float32Array(values.length)
  for (let at = 0; at < values.length; at++) {
    let [left, to] = [at, 0]
    for (let i = atoms.length - 1; i >= 0; i--) {
      const { of, size, step } = atoms[i]!
      to += (left % size) * step * steps[of as 0 | 1 | 2]
      left = Math.floor(left / size)
    }
    result[to] = values[at]!
  }
  return result
}

/** Learned tokens before those of an image, joined to them along the axis of places. */
export function classToken(c: Converter, name: string, constant: Constant, view: Viewed, axis: number): Outcome {
  const whole = wholeOf(c, view)
  if ('why' in whole) return whole
  const { layer, axes } = whole
  const shape = c.list.shape(layer)!
  const channels = shape[shape.length - 1]!
  const places = [
    { of: 0 as const, size: shape[0]!, step: 1 },
    { of: 1 as const, size: shape[1]!, step: 1 },
  ]
  const batch = axes.findIndex((one) => one.some(({ of }) => of === 'batch'))
  const own = axes.findIndex((one) => isChannels(one, channels))
  const isAlone = axes.every((one, at) => at === batch || at === own || at === axis || one.length === 0)
  const isTokens = shape.length === 3 && isAlone && (batch >= 0 || c.batch === 1) && own >= 0 && own !== axis
  const tokens = constant.dims[axis]
  const isFitting =
    constant.dims.length === axes.length &&
    constant.dims.every((side, at) => at === axis || side === (at === batch ? 1 : sizeOf(axes[at]!)))
  if (!isTokens || !sameOrder([axes[axis]!], [places]) || !isFitting || !tokens)
    return { why: 'it joins a constant to something other than the tokens of an image' }
  const read = (): Float32Array => {
    const values = constant.floats()
    return own > axis ? values : values.map((_, at) => values[(at % channels) * tokens + Math.floor(at / channels)]!)
  }
  const tensors = { shift: { shape: [tokens, channels], order: 'own' as const, read } }
  const made = c.list.add({ name, kind: 'class-token', attributes: tokens === 1 ? {} : { tokens }, inputs: [layer] }, tensors)
  const joined = [{ of: 0 as const, size: tokens + sizeOf(places), step: 1 }]
  return viewed(c, { layer: made, axes: axes.map((one, at) => (at === axis ? joined : one)) })
}

/** The mean over all places. @param isKept Whether their axes stay, of one entry each. */
export function meanOfPlaces(c: Converter, name: string, view: Viewed, places: readonly number[], isKept: boolean): Outcome {
  const whole = wholeOf(c, view)
  if ('why' in whole) return whole
  const { layer, axes } = whole
  const shape = c.list.shape(layer)!
  const gone = places.map((place) => axisOf(place, axes.length))
  const rest = axes.filter((_, at) => !gone.includes(at)).flat()
  const isAll =
    shape.length === 3 &&
    rest.every(({ of }) => of === 'batch' || of === 2) &&
    sizeOf(rest.filter(({ of }) => of === 2)) === shape[2]
  if (gone.includes(undefined) || !isAll || gone.some((at) => axes[at!]!.some(({ of }) => of === 2 || of === 'batch')))
    return { why: 'it is a mean over other axes than height and width' }
  const made = c.list.add({ name, kind: 'global-average-pool', attributes: {}, inputs: [layer] })
  const left = isKept ? axes.map((axis, at) => (gone.includes(at) ? [] : axis)) : axes.filter((_, at) => !gone.includes(at))
  return viewed(c, { layer: made, axes: left })
}
