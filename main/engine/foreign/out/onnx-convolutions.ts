import { madeLayer, type MadeLayer } from '../../../../shared/architecture/source/made'
import type { Sliding } from '../../../../shared/ops/padding'
import { ATTRIBUTE_TYPE } from '../../../formats/onnx/schema'
import { inTorchAxes, padded, reflected } from './made-kernels'
import { int, ints, type Layer, type OnnxWriter, type Write, windowOf } from './onnx-writer'

/** Convolutions, and layers that make their kernels of what they learn as those by which they compute. */

/** By the kernel that is learned, or by the one that comes of it. */
const convolution =
  (isMade: boolean): Write =>
  (w, layer, inputs, output, weights) => {
    const { name, op, inputShapes } = layer
    const attributes = layer.attributes as Record<string, number> & Sliding
    const groups = op.kind === 'depthwise-conv2d' ? inputShapes[0]![2]! : attributes['groups']!
    const dilation = attributes.dilation ?? 1
    const kernel = isMade ? weights.made(layer).torch : weights.torch(layer, 'kernel')!
    const given = [...windowOf(attributes, inputShapes[0]!), ints('dilations', [dilation, dilation]), int('group', groups)]
    const tensors = [w.floats(`${name}.weight`, kernel.dims, kernel.values), ...biasOf(w, layer, weights)]
    return w.node('Conv', [...inputs, ...tensors], output, given)
  }

const biasOf = (w: OnnxWriter, layer: Layer, weights: Parameters<Write>[4]): string[] => {
  const bias = weights.torch(layer, 'bias')
  return bias ? [w.floats(`${layer.name}.bias`, bias.dims, bias.values)] : []
}

/** So many pixels of the other edge before and behind. */
function around(w: OnnxWriter, x: string, before: number, behind: number, name: string): string {
  if (before + behind === 0) return x
  const pads = w.integers(`${name}.pads`, [0, 0, before, before, 0, 0, behind, behind])
  return w.node('Pad', [x, pads], name, [{ name: 'mode', s: Buffer.from('wrap'), type: ATTRIBUTE_TYPE.string }])
}

const made: Write = (w, layer, inputs, output, weights) => {
  const how = madeLayer(layer)!
  const { name } = layer
  if (how.as === 'series') return series(w, layer, how, inputs[0]!, output, weights)
  const { before, behind } = how
  const { own, torch } = weights.made(layer)
  const { size, stride = 1 } = layer.attributes as { size: number; stride?: number }
  const tensors = [w.floats(`${name}.weight`, torch.dims, torch.values), ...biasOf(w, layer, weights)]
  const window = [ints('kernel_shape', [size, size]), ints('strides', [stride, stride])]
  const x = around(w, inputs[0]!, before, behind, `${name}.around`)
  if (how.as === 'convolution') return w.node('Conv', [x, ...tensors], output, window)
  const open = w.node('Relu', [w.node('Conv', [x, ...tensors], `${name}.seen`, window)], `${name}.open`)
  const back = inTorchAxes(reflected(own))
  const all = [around(w, open, behind, before, `${name}.open.around`), w.floats(`${name}.back`, back.dims, back.values)]
  return w.node('Add', [inputs[0]!, w.node('Conv', all, `${name}.turned`, window)], output)
}

/** x + J(x + J(x + …)/2), which is x + Jx + J²x/2! + …; the bias is that of the last convolution. */
function series(
  w: OnnxWriter,
  layer: Layer,
  { channels, inner, filters, terms }: Extract<MadeLayer, { as: 'series' }>,
  input: string,
  output: string,
  weights: Parameters<Write>[4],
): string {
  const { name } = layer
  const { dims, values } = weights.made(layer).torch
  const kernel = w.floats(`${name}.weight`, dims, values)
  const learned = weights.torch(layer, 'bias')
  const bias = learned ? [w.floats(`${name}.bias`, [inner], padded(learned.values, inner))] : []
  const size = dims[2]!
  const half = (size - 1) / 2
  const window = [ints('kernel_shape', [size, size]), ints('pads', [half, half, half, half])]
  const widened = inner - channels
  const x = widened
    ? w.node('Pad', [input, w.integers(`${name}.pads`, [0, 0, 0, 0, 0, widened, 0, 0])], `${name}.widened`)
    : input
  const isNarrowed = filters < inner
  let sum = x
  for (let n = terms; n >= 1; n--) {
    const product = w.node('Conv', [sum, kernel, ...(n === 1 ? bias : [])], `${name}.product${n}`, window)
    const share =
      n === 1 ? product : w.node('Mul', [product, w.floats(`${name}.share${n}`, [1], Float32Array.of(1 / n))], `${name}.term${n}`)
    sum = w.node('Add', [x, share], n === 1 && !isNarrowed ? output : `${name}.sum${n}`)
  }
  if (!isNarrowed) return sum
  const told = [0, filters, 1].map((value, i) => w.integers(`${name}.part${i}`, [value]))
  return w.node('Slice', [sum, ...told], output)
}

export const convolutions: Readonly<Record<string, Write>> = {
  conv2d: convolution(false),
  'depthwise-conv2d': convolution(false),
  'ws-conv2d': convolution(true),
  'orthogonal-conv2d': made,
  'skew-conv2d': made,
  'reflection-conv2d': made,
}
