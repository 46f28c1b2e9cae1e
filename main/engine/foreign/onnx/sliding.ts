import { samePads } from '../../../../shared/ops/padding'
import type { OnnxNode } from '../../../formats/onnx/model'
import { paddingOf, type Pads, type WindowAttributes } from '../windows'
import type { Converter } from './converter'
import { dense } from './dense'
import type { Operator } from './operator'
import { torch } from './tokens'

/** Operators that slide a window over an image: https://onnx.ai/onnx/operators. */

const ROUNDS_UP = 'it rounds its output’s sides up'

export const conv: Operator = (node, c) => {
  const kernel = c.constant(node.inputs[1])
  if (!kernel) return { why: 'its kernel is no constant' }
  if (kernel.dims.length !== 4)
    return { why: `its kernel has ${kernel.dims.length} axes, and convolutions here have two of an image` }
  const [filters, perGroup, height, width] = kernel.dims as [number, number, number, number]
  const groups = node.attributes.int('group', 1)
  const bias = c.constant(node.inputs[2])
  if (node.inputs[2] && !bias) return { why: 'its bias is no constant' }
  // Behind a mean over the image there are features alone, and a convolution of the one pixel is a dense layer.
  if (groups === 1 && height === 1 && width === 1 && c.isRow(node.inputs[0]))
    return dense(node, c, { dims: [filters, perGroup], floats: () => kernel.floats() }, bias, true)
  const window = windowOf(node, c, [height, width], 'none', false)
  if ('why' in window) return window
  const { size, ...others } = window.attributes
  const isDepthwise = groups > 1 && perGroup === 1 && filters % groups === 0 && window.dilation === 1
  const attributes = {
    ...(isDepthwise ? { ...(filters > groups && { multiplier: filters / groups }) } : { filters }),
    size,
    ...others,
    ...(!isDepthwise && groups > 1 && { groups }),
    ...(bias && { bias: true }),
  }
  return c.layer(node, isDepthwise ? 'depthwise-conv2d' : 'conv2d', attributes, [node.inputs[0]], {
    kernel: torch(kernel),
    ...(bias && { bias: torch(bias) }),
  })
}

/** Size, stride, dilation and padding of a window, or why it cannot be. */
function windowOf(
  node: OnnxNode,
  c: Converter,
  sides: readonly number[],
  zeros: 'none' | 'counted' | 'left-out',
  isPool: boolean,
): { attributes: WindowAttributes; dilation: number } | { why: string } {
  const { attributes } = node
  const both = (name: string): readonly number[] => attributes.ints(name) ?? [1, 1]
  const [strides, dilations] = [both('strides'), both('dilations')]
  if (sides.length !== 2 || strides.length !== 2) return { why: 'it is of other than two axes of an image' }
  if (sides[0] !== sides[1]) return { why: `its window is ${sides.join('×')}, and windows here are square` }
  if (strides[0] !== strides[1] || dilations[0] !== dilations[1]) return { why: 'its steps along height and width differ' }
  const [size, stride, dilation] = [sides[0]!, strides[0]!, dilations[0]!]
  if (isPool && dilation !== 1) return { why: 'its window has gaps' }
  const own = padsOf(node, c, size, stride, dilation)
  if (!own) return { why: 'what is put around its image cannot be told' }
  const over = attributes.int('ceil_mode', 0) === 1 ? c.overhang(node, size, stride, own) : [0, 0]
  // The greatest of a window does not mind what lies outside; a mean is of what lies inside, as SAME's is.
  const isOver = over?.some((pixels) => pixels > 0) === true
  if (!over || (isOver && (zeros === 'counted' || (zeros === 'left-out' && own.some((pad) => pad > 0)))))
    return { why: ROUNDS_UP }
  const pads: Pads = [own[0], own[1], own[2] + over[0]!, own[3] + over[1]!]
  const padding = paddingOf(pads, { size, stride, dilation }, c.sides(node.inputs[0]), isPool, zeros === 'left-out')
  const isPadded = pads.some((pad) => pad > 0)
  if (isOver && zeros === 'left-out' && padding?.['padding'] !== 'same') return { why: ROUNDS_UP }
  if (!padding) return { why: `what is put around its image (${pads.join(', ')}) is not the same on all sides` }
  if (isPadded && zeros === 'left-out' && padding['padding'] !== 'same') return { why: 'its mean leaves out what is put around' }
  if (isPadded && zeros === 'counted' && padding['padding'] === 'same') return { why: 'its mean counts what is put behind alone' }
  return {
    dilation,
    attributes: {
      ...(isPool || size !== 3 ? { size } : {}),
      ...(isPool || stride !== 1 ? { stride } : {}),
      ...(dilation !== 1 && { dilation }),
      ...padding,
    },
  }
}

function padsOf(node: OnnxNode, c: Converter, size: number, stride: number, dilation: number): Pads | undefined {
  const around = c.zerosAround(node.inputs[0])
  const told = node.attributes.text('auto_pad', 'NOTSET')
  if (told === 'SAME_UPPER' || told === 'SAME_LOWER') {
    const sides = c.sides(node.inputs[0])
    if (!sides || around.some((pad) => pad > 0)) return undefined
    const [[top, bottom], [left, right]] = sides.map((side) => samePads(side, dilation * (size - 1) + 1, stride)) as [
      [number, number],
      [number, number],
    ]
    return told === 'SAME_UPPER' ? [top, left, bottom, right] : [bottom, right, top, left]
  }
  const own = told === 'VALID' ? [0, 0, 0, 0] : (node.attributes.ints('pads') ?? [0, 0, 0, 0])
  return own.length === 4 && own.every((pad) => pad >= 0) ? (own.map((pad, i) => pad + around[i]!) as unknown as Pads) : undefined
}

export const pool =
  (kind: 'max-pool' | 'average-pool'): Operator =>
  (node, c) => {
    const zeros = kind === 'max-pool' ? 'none' : node.attributes.int('count_include_pad', 0) === 1 ? 'counted' : 'left-out'
    const window = windowOf(node, c, node.attributes.ints('kernel_shape') ?? [], zeros, true)
    return 'why' in window ? window : c.layer(node, kind, window.attributes, [node.inputs[0]])
  }

/** The root of a sum of squares, without steps between the windows. */
export const l2Pool: Operator = (node, c) => {
  const size = node.attributes.ints('kernel_shape') ?? []
  const strides = node.attributes.ints('strides') ?? []
  if (node.attributes.int('p', 2) !== 2) return { why: 'its norm is not the Euclidean one' }
  if (
    size.length !== 2 ||
    size[0] !== size[1] ||
    strides.join() !== size.join() ||
    node.attributes.ints('pads')?.some((one) => one !== 0)
  )
    return { why: 'its windows are not squares side by side' }
  if (node.attributes.ints('dilations')?.some((one) => one !== 1)) return { why: 'its window has gaps' }
  if (
    node.attributes.int('ceil_mode', 0) === 1 &&
    c.overhang(node, size[0]!, size[0]!, [0, 0, 0, 0])?.every((one) => one === 0) !== true
  )
    return { why: ROUNDS_UP }
  return c.layer(node, 'l2-pool', size[0] === 2 ? {} : { size: size[0] }, [node.inputs[0]])
}
