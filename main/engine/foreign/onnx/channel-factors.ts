import type { Constant } from '../../../formats/onnx/model'
import type { ForeignTensor } from '../network'
import type { Converter } from './converter'
import type { Outcome } from './operator'
import { axesOf, isChannels, viewed } from './views'

const SENTENCE = 'a learned factor for each channel is multiplied into the weights before it, and is none of its own here'
const APART =
  'weights that are taken with a learned factor for each channel and without it are two of their own here, and learn apart'
/** Layers whose kernel has a row for each channel that leaves them. */
const BY_ROWS = new Set(['conv2d', 'depthwise-conv2d', 'dense'])

/**
 * A product times a number for each channel, as the layer scale of Touvron et al. 2021 is: the product with its rows multiplied so.
 *
 * @returns undefined where it is something else. Of a product once, lest a file of some megabytes asks for layers of any size.
 */
export function timesChannels(c: Converter, name: string, constant: Constant): Outcome | undefined {
  const value = c.value(name)
  if (constant.length === 1 || !('layer' in value) || value.from || value.factor) return undefined
  const { layer } = value
  const [axes, source, { kernel, bias }] = [axesOf(c, value), c.list.layers[layer]!, c.list.tensors[layer]!]
  const channels = c.list.shape(layer)?.at(-1)
  if (!axes || !channels || !BY_ROWS.has(source.kind) || kernel?.order !== 'torch' || c.multiplied.has(layer)) return undefined
  const dims = [...Array.from({ length: Math.max(0, axes.length - constant.dims.length) }, () => 1), ...constant.dims]
  const own = axes.findIndex((axis) => isChannels(axis, channels))
  if (dims.length !== axes.length || dims.some((side, at) => side !== (at === own ? channels : 1))) return undefined
  c.multiplied.add(layer)
  c.list.spare(layer)
  c.list.say('approximated', SENTENCE)
  if (!c.isSole(name, layer)) c.list.say('approximated', APART)
  const tensors = { kernel: byRows(kernel, constant), ...(bias && { bias: byRows(bias, constant) }) }
  return viewed(c, { layer: c.list.add(source, tensors), axes })
}

/** @param tensor Of PyTorch's axes: what leaves the layer comes first. */
const byRows = (tensor: ForeignTensor, factors: Constant): ForeignTensor => ({
  ...tensor,
  read() {
    const [values, by] = [tensor.read(), factors.floats()]
    const length = values.length / by.length
    return values.map((value, at) => value * by[Math.floor(at / length)]!)
  },
})
