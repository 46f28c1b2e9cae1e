import { classToken, meanOfPlaces, onceForAll } from './tokens'
import { sizeOf } from './axes'
import { axisOf, reshapeTo, someOf, told, withAxes } from './turned'
import type { OnnxNode } from '../../../formats/onnx/model'
import type { Converter, Value } from './converter'
import type { Operator, Outcome, Outcomes } from './operator'
import { viewed, wholeOf } from './views'
import { evenly } from './worked-out'

/** Operators that join values, take a part of one, or put it into other axes. */

export const concat: Operator = (node, c) => {
  const axis = node.attributes.int('axis', 1)
  const [before, ...behind] = node.inputs
  const learned = c.constant(before)
  if (learned && behind.length === 1) {
    const view = c.view(behind[0])
    const at = view && axisOf(axis, view.axes.length)
    return view && at !== undefined
      ? classToken(c, node.name, onceForAll(c, view, learned), view, at)
      : { why: 'it joins a constant to what has no shape that is known' }
  }
  if (node.inputs.some((name) => 'axes' in c.value(name)))
    return { why: 'it joins tokens, and here channels of images are joined' }
  if (axis !== 1 && axis !== -3) return { why: `it joins along axis ${axis}, and here channels are joined` }
  const times = node.inputs.length
  if (times === 1) return c.value(node.inputs[0])
  if (node.inputs.every((name) => name === node.inputs[0]))
    return c.layer(node, 'duplicate', times === 2 ? {} : { times }, [node.inputs[0]])
  return c.layer(node, 'concatenate', {}, node.inputs)
}

/** A mean over height and width. */
export const reduceMean: Operator = (node, c) => {
  const axes = node.attributes.ints('axes') ?? c.constant(node.inputs[1])?.integers()
  const view = c.view(node.inputs[0])
  if (view && axes && 'axes' in c.value(node.inputs[0]))
    return meanOfPlaces(c, node.name, view, axes, node.attributes.int('keepdims', 1) === 1)
  const places = axes?.map((axis) => (axis < 0 ? axis + 4 : axis)).sort()
  return places?.join() === '2,3'
    ? c.layer(node, 'global-average-pool', {}, [node.inputs[0]])
    : { why: 'it is a mean over other axes than height and width' }
}

/** Rows of features: dense layers flatten by themselves. */
export const flatten: Operator = (node, c) => {
  if (node.attributes.int('axis', 1) !== 1) return { why: 'it flattens the batch too' }
  const [name] = node.inputs
  return 'axes' in c.value(name) ? reshapeTo(c, name, [0, -1]) : c.flattened(name)
}

export const reshape: Operator = (node, c) => {
  const shape = told(node, c, 'shape', 1)
  const [name] = node.inputs
  const found = shape && reshapeTo(c, name, shape)
  const axes = found && 'layer' in found ? found.axes : undefined
  // All of an image behind one another: what follows flattens by itself.
  const isRow = shape?.length === 2 && !('axes' in c.value(name)) && (!axes || axes[0]!.every(({ of }) => of === 'batch'))
  if (isRow) return c.flattened(name)
  return found ?? { why: 'the shape that it gives is worked out' }
}

/** An axis of one behind features, which their norm wants. */
export const unsqueeze: Operator = (node, c) => {
  const axes = node.attributes.ints('axes') ?? c.constant(node.inputs[1])?.integers()
  const value = c.value(node.inputs[0])
  if (axes?.join() === '2' && c.isRow(node.inputs[0])) return value
  const view = c.view(node.inputs[0])
  return view ? withAxes(view, c, axes, true) : { why: 'it gives its input another axis' }
}

/** Sides of one pixel are dropped behind a mean over the image. */
export const squeeze: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  const view = 'axes' in value ? c.viewOf(value) : undefined
  return view ? withAxes(view, c, told(node, c, 'axes', 1), false) : c.flattened(node.inputs[0])
}

export const pad: Operator = (node, c) => {
  const pads = node.attributes.ints('pads') ?? c.constant(node.inputs[1])?.integers()
  const value = node.inputs[2] ? c.constant(node.inputs[2])?.floats()[0] : node.attributes.float('value', 0)
  if (node.attributes.text('mode', 'constant') !== 'constant' || value !== 0)
    return { why: 'it puts something other than zeros around' }
  if (pads?.length !== 8 || pads[0] !== 0 || pads[4] !== 0 || pads.some((one) => one < 0))
    return { why: 'it pads other axes than channels, height and width' }
  const isAround = [2, 3, 6, 7].some((at) => pads[at] !== 0)
  if (pads[1] !== 0 || pads[5] !== 0)
    return isAround ? { why: 'it pads channels and sides at once' } : c.widened(node, pads[1]!, pads[5]!)
  return c.padded(node.inputs[0], [pads[2]!, pads[3]!, pads[6]!, pads[7]!])
}

/** Every so-manieth pixel of the whole image. */
export const slice: Operator = (node, c) => {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map(
    (name, i) => c.constant(node.inputs[i + 1])?.integers() ?? node.attributes.ints(name),
  )
  if (!starts || !ends || ends.length !== starts.length) return { why: 'what it takes is worked out' }
  const value = c.value(node.inputs[0])
  if ('axes' in value) return sliceOfTokens(c, c.viewOf(value), starts, ends, axes, steps)
  const isOfChannels = starts.some((start, i) => ((axes?.[i] ?? i) + 4) % 4 === 1 && (start !== 0 || ends[i]! < 2 ** 31 - 1))
  if (isOfChannels && (steps ?? []).every((step) => step === 1) && c.view(node.inputs[0]))
    return ofImage(c, sliceOfTokens(c, c.view(node.inputs[0]), starts, ends, axes, steps))
  const sides = c.sides(node.inputs[0])
  const along = [1, 1]
  for (const [i, start] of starts.entries()) {
    const axis = ((axes?.[i] ?? i) + 4) % 4
    const step = steps?.[i] ?? 1
    const isWhole = ends[i]! >= 2 ** 31 - 1 || (axis >= 2 && ends[i] === sides?.[axis - 2])
    if (start !== 0 || !isWhole || !Number.isSafeInteger(step) || step < 1 || (axis < 2 && step !== 1))
      return { why: 'it takes a part of its input' }
    if (axis >= 2) along[axis - 2] = step
  }
  return c.subsampled(node.inputs[0], along[0]!, along[1]!)
}

/** Some channels of an image as a layer, which other layers of images take; where none does, it is none. */
function ofImage(c: Converter, part: Outcome): Outcome {
  const view = c.viewOf(part)
  const whole = view && 'axes' in part ? wholeOf(c, view) : undefined
  if (!whole || 'why' in whole) return whole ?? part
  c.list.spare(whole.layer)
  return viewed(c, whole)
}

/** Entries behind one another along axes. */
function sliceOfTokens(
  c: Converter,
  given: ReturnType<Converter['view']>,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[] | undefined,
  steps: readonly number[] | undefined,
): Outcome {
  let view = given
  for (const [i, start] of starts.entries()) {
    const axis = view && axisOf(axes?.[i] ?? i, view.axes.length)
    if (!view || axis === undefined || (steps?.[i] ?? 1) !== 1) return { why: 'it takes a part of its input' }
    const side = sizeOf(view.axes[axis]!)
    const [first, end] = [start, ends[i]!].map((at) => Math.min(Math.max(0, at < 0 ? at + side : at), side)) as [number, number]
    const found = someOf(c, view, axis, first, end - first)
    if ('why' in found) return found
    view = c.viewOf(found)
  }
  return view ?? { why: 'it takes a part of its input' }
}

/** Stretches of an axis, one behind the other. */
export function split(node: OnnxNode, c: Converter): Outcomes | { readonly why: string } {
  const view = c.view(node.inputs[0])
  const axis = view && axisOf(node.attributes.int('axis', 0), view.axes.length)
  if (!view || axis === undefined) return { why: 'the shape of what enters it is not known' }
  const side = sizeOf(view.axes[axis]!)
  const lengths = told(node, c, 'split', 1) ?? evenly(side, node.outputs.length)
  let first = 0
  const isImage = axis === 1 && !('axes' in c.value(node.inputs[0]))
  const parts = lengths.map((length) => someOf(c, view, axis, (first += length) - length, length))
  const each = isImage ? parts.map((part) => ofImage(c, part)) : parts
  const known = each.filter((part): part is Value => !('why' in part))
  if (known.length < each.length) return { why: 'it takes a part of its input' }
  return first === side && known.length === node.outputs.length ? { each: known } : { why: 'its parts are not all of its input' }
}
