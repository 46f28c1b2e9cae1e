import { pixelAgain } from './keras-pooling'
import { elements } from '../../../shared/ops/op'
import type { Hdf5Array } from '../../formats/hdf5'
import { sourceIn } from './keras-calls'
import type { KerasAxes, KerasOutcome, Make } from './keras-layers'
import type { ForeignTensor, ForeignTensors, LayerList } from './network'
import { DROPS } from './onnx/attention'
import { closed } from './onnx/axes'

/** Keras's layers of tokens: what is [places, channels] there stays an image here, whose numbers lie in the same order. */

const shaped = (array: Hdf5Array, shape: readonly number[]): ForeignTensor => ({ shape, order: 'own', read: () => array.read() })

/** The axes that a layer's value is given; undefined where its numbers would lie in others. */
function axesOf(target: readonly number[], shape: readonly number[]): KerasAxes | undefined {
  const sides = closed(target, elements(shape)).join()
  const [height, width, channels] = shape as [number, number, number]
  if (sides === String(elements(shape))) return 'features'
  if (shape.length === 3 && sides === shape.join()) return 'image'
  return shape.length === 3 && sides === [height * width, channels].join() ? 'tokens' : undefined
}

export const reshape: Make = ({ target_shape: target, newshape }, { shape, isOperation, axes, places, list }) => {
  // That of keras.ops has the images among its axes.
  const isOpen = Array.isArray(newshape) && newshape[0] === -1 && !newshape.includes(-1, 1)
  if (isOperation && !isOpen) return { why: 'it gives its input other axes' }
  const sides = isOperation ? (newshape as unknown[]).slice(1) : target
  const isPixel = Array.isArray(sides) && sides.length === 3 && sides[0] === 1 && sides[1] === 1
  const pixel = axes === 'features' && isPixel ? pixelAgain(places[0]!, list) : undefined
  return pixel ?? reshapedTo(sides, shape)
}

function reshapedTo(newshape: unknown, shape: readonly number[] | undefined): KerasOutcome {
  const isList = Array.isArray(newshape) && newshape.every((side) => Number.isSafeInteger(side))
  const axes = isList && shape ? axesOf(newshape as number[], shape) : undefined
  if (axes) return { kind: 'nothing', leaves: axes }
  return isList && newshape.length === 1 ? { kind: 'nothing', leaves: 'features' } : { why: 'it gives its input other axes' }
}

/** Of the last axis: of each token or pixel a convolution of one pixel. */
export function denseOfEach(units: unknown, kernel: Hdf5Array, bias: Hdf5Array | undefined): KerasOutcome & { kind: string } {
  return {
    kind: 'conv2d',
    attributes: { filters: units, size: 1, ...(bias && { bias: true }) },
    tensors: { kernel: shaped(kernel, [1, 1, ...kernel.shape]), ...(bias && { bias: shaped(bias, bias.shape) }) },
  }
}

/** Numbers for each channel of each place. */
export const position: Make = (_, { shape, axes, call }) => {
  const [constant] = call.constants
  const [height, width, channels] = shape ?? []
  const own = constant?.dims[0] === 1 ? constant.dims.slice(1) : constant?.dims
  const isOwn = own?.join() === (axes === 'tokens' ? [height! * width!, channels] : shape)?.join()
  if (!constant || call.constants.length > 1 || call.sources.length > 1 || shape?.length !== 3 || axes === 'features' || !isOwn)
    return { why: 'it adds a constant' }
  return { kind: 'position', tensors: { shift: { shape, order: 'own', read: () => constant.values } } }
}

const OPERANDS = ['query', 'value', 'key']

/** Queries, keys, values and what leaves are a convolution of one pixel each. */
export const multiHead: Make = (config, world) => {
  const { call, storedIn } = world
  const given = OPERANDS.map((name, at) => call.kwargs[name] ?? call.args[at] ?? null)
  const operands = [given[0], given[2] ?? given[1], given[1]].map((one) => {
    const source = sourceIn(one)
    return source && world.taken(source)
  })
  const [queries, keys, values] = operands
  if (!queries || !keys || !values) return { why: 'its queries, keys and values are no values of layers' }
  const isAsked = (name: string): boolean => (call.kwargs[name] ?? null) !== null && call.kwargs[name] !== false
  if (['query_mask', 'value_mask', 'key_mask', 'attention_mask', 'use_causal_mask'].some(isAsked) || call.args.length > 3)
    return { why: 'a mask goes into it' }
  if (isAsked('return_attention_scores')) return { why: 'it leaves its weights too' }
  const strange = Object.keys(call.kwargs).find((name) => !OPERANDS.includes(name) && isAsked(name))
  if (strange !== undefined) return { why: `it is called with "${strange.slice(0, 40)}"` }
  if ((config['use_gate'] ?? false) !== false || (config['sliding_window'] ?? null) !== null)
    return { why: 'it has a gate, or leaves out places that are far' }
  const over = config['attention_axes'] ?? null
  const isOverAll = { tokens: '1', image: '1,2', features: '' }
  for (const { at, axes: own } of [queries, keys, values])
    if (own === 'features' || world.list.shape(at)?.length !== 3 || (over !== null && String(over) !== isOverAll[own]))
      return { why: 'it is not over all places of an image at once' }
  const heads = config['num_heads']
  if (typeof heads !== 'number' || !Number.isSafeInteger(heads) || heads < 1)
    return { why: 'the number of its heads is not told' }
  const kernels = ['query_dense', 'key_dense', 'value_dense', 'output_dense'].map((part, at) => {
    const [kernel, bias] = [0, 1].map((place) => storedIn(part, place))
    if (kernel?.shape.length !== 3 || kernel.shape[at === 3 ? 0 : 1] !== heads) return undefined
    const [a, b, c] = kernel.shape as [number, number, number]
    const [entering, leaving] = at === 3 ? [a * b, c] : [a, b * c]
    const tensors: ForeignTensors = {
      kernel: shaped(kernel, [1, 1, entering, leaving]),
      ...(bias && { bias: shaped(bias, [leaving]) }),
    }
    return { attributes: { filters: leaving, size: 1, ...(bias && { bias: true }) }, tensors }
  })
  if (kernels.includes(undefined)) return { why: 'its weights are not in the file' }
  return {
    leaves: queries.axes,
    build(list: LayerList, name: string) {
      if (typeof config['dropout'] === 'number' && config['dropout'] > 0) list.say('left', DROPS)
      const product = (at: number, word: string, input: number): number =>
        list.add({ name, kind: 'conv2d', word, attributes: kernels[at]!.attributes, inputs: [input] }, kernels[at]!.tensors)
      const inputs = [queries, keys, values].map(({ at }, i) => product(i, ['q', 'k', 'v'][i]!, at))
      return product(3, 'out', list.add({ name, kind: 'attention', attributes: { heads }, inputs }))
    },
  }
}
