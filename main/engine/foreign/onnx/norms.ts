import type { Constant } from '../../../formats/onnx/model'
import { groupNormLayer } from '../group-norm'
import { type Axes, sameOrder, single, sizeOf } from './axes'
import type { Converter, View } from './converter'
import type { Operator, Outcome } from './operator'
import { torch } from './tokens'
import { axisOf } from './turned'
import { isChannels, viewed, wholeOf } from './views'

/** Norms, as one operator each; what they are worked out of is joined to one in patterns/. */

const NO_CONSTANTS = { why: 'its parameters are no constants' } as const
const UNSEEN = { why: 'the shape of what enters it is not known' } as const

export const batchNorm: Operator = (node, c) => {
  if (node.attributes.int('training_mode', 0) !== 0) return { why: 'it norms by the mean and variance of each batch' }
  const [scale, shift, mean, variance] = node.inputs.slice(1, 5).map((name) => c.constant(name))
  if (!scale || !shift || !mean || !variance) return NO_CONSTANTS
  const epsilon = single(node.attributes.float('epsilon', 1e-5))
  const momentum = single(node.attributes.float('momentum', 0.9))
  const attributes = { ...(epsilon !== 1e-5 && { epsilon }), ...(momentum !== 0.9 && { momentum }) }
  return c.layer(node, 'batch-norm', attributes, [node.inputs[0]], {
    scale: torch(scale),
    shift: torch(shift),
    mean: torch(mean),
    variance: torch(variance),
  })
}

/** Scale and shift are a channel's from opset 21 on, and a group's before. */
export const groupNorm: Operator = (node, c) => {
  const [scale, shift] = node.inputs.slice(1, 3).map((name) => c.constant(name))
  if (!scale || !shift || scale.length !== shift.length) return NO_CONSTANTS
  const channels = c.channels(node.inputs[0]) ?? scale.length
  const groups = node.attributes.int('num_groups', 1)
  if (scale.length !== channels && scale.length !== groups)
    return { why: `it has ${scale.length} scales for ${channels} channels in ${groups} groups` }
  if (channels % scale.length !== 0) return { why: `${groups} groups do not divide its ${channels} channels` }
  const { kind, attributes } = groupNormLayer(groups, single(node.attributes.float('epsilon', 1e-5)))
  return c.layer(node, kind, attributes, [node.inputs[0]], {
    scale: torch(spread(scale, channels / scale.length)),
    shift: torch(spread(shift, channels / scale.length)),
  })
}

/** Over all axes from the third on: the places of each channel; of an image in groups of channels, as older exporters write a group norm, over each group. */
export const instanceNorm: Operator = (node, c) => {
  const [scale, shift] = node.inputs.slice(1, 3).map((name) => c.constant(name))
  if (!scale || !shift) return NO_CONSTANTS
  return overGroups(c, node.name, c.view(node.inputs[0]), node.attributes.float('epsilon', 1e-5), [scale, shift])
}

/** Each number so many times. */
function spread(constant: Constant, times: number): Constant {
  if (times === 1) return constant
  const length = constant.length * times
  const read = (): Float32Array => {
    const values = constant.floats()
    return Float32Array.from({ length }, (_, at) => values[Math.floor(at / times)]!)
  }
  return { dims: [length], length, floats: read, integers: () => undefined }
}

/** @param given Scale and shift of each group, ones and zeros where there are none. */
function overGroups(
  c: Converter,
  name: string,
  view: (View & { readonly axes: Axes }) | undefined,
  epsilon: number,
  given?: readonly [Constant, Constant],
): Outcome {
  const whole = view ? wholeOf(c, view) : UNSEEN
  if ('why' in whole) return whole
  const { layer, axes } = whole
  const [height, width, channels] = c.list.shape(layer) as readonly [number, number, number]
  const groups = sizeOf(axes[1] ?? [])
  const rest = [
    { of: 2 as const, size: channels / groups, step: 1 },
    { of: 0 as const, size: height, step: 1 },
    { of: 1 as const, size: width, step: 1 },
  ]
  const outer = groups === 1 ? [] : [{ of: 2 as const, size: groups, step: channels / groups }]
  const isFitting =
    c.list.shape(layer)!.length === 3 &&
    axes[0]?.every(({ of }) => of === 'batch') === true &&
    sameOrder([axes[1] ?? []], [outer]) &&
    sameOrder(axes.slice(2), [rest])
  if (!isFitting) return { why: 'it norms other than all places of groups of channels' }
  const [scale, shift] = given ?? [c.filled(groups, 1), c.filled(groups, 0)]
  if (scale.length !== groups || shift.length !== groups) return { why: `its parameters are not ${groups} constants` }
  const { kind, attributes } = groupNormLayer(groups, single(epsilon))
  const made = c.list.add(
    { name, kind, attributes, inputs: [layer] },
    { scale: torch(spread(scale, channels / groups)), shift: torch(spread(shift, channels / groups)) },
  )
  if (scale.floats().every((one) => one === 1) && shift.floats().every((one) => one === 0)) c.bare.set(made, ['scale', 'shift'])
  return viewed(c, { layer: made, axes })
}

/** Of one axis, where that is the channels of each place. */
const norm =
  (kind: 'layer-norm' | 'rms-norm'): Operator =>
  (node, c) => {
    const view = c.view(node.inputs[0])
    if (!view) return UNSEEN
    const whole = wholeOf(c, view)
    if ('why' in whole) return whole
    const { layer, axes } = whole
    const shape = c.list.shape(layer)!
    const channels = shape[shape.length - 1]!
    const last = axes.length - 1
    // An operator norms from an axis to the last; what it is worked out of, an axis that it names.
    const isBare = node.inputs.length === 1
    const at = axisOf(node.attributes.int('axis', -1), axes.length)
    const epsilon = single(node.attributes.float('epsilon', 1e-5))
    if (at === undefined || (!isBare && at !== last) || !isChannels(axes[at], channels))
      return isBare && kind === 'layer-norm' && at === last && last === 2
        ? overGroups(c, node.name, view, epsilon)
        : { why: 'it norms other than the channels of each place' }
    if (node.inputs[2] && !c.constant(node.inputs[2])) return NO_CONSTANTS
    const [scale, shift] = isBare ? [c.filled(channels, 1), undefined] : node.inputs.slice(1, 3).map((name) => c.constant(name))
    const given = kind === 'layer-norm' ? [scale, shift ?? c.filled(channels, 0)] : [scale]
    if (given.some((constant) => constant?.dims.join() !== String(channels)))
      return { why: `its parameters are not ${channels} constants, one a channel` }
    const attributes = {
      ...(epsilon !== 1e-5 && { epsilon }),
      ...(kind === 'layer-norm' && shape.length === 3 && { over: 'channels' }),
    }
    const tensors = { scale: torch(given[0]!), ...(kind === 'layer-norm' && { shift: torch(given[1]!) }) }
    const made = c.list.add({ name: node.name, kind, attributes, inputs: [layer] }, tensors)
    if (isBare) c.bare.set(made, kind === 'layer-norm' ? ['scale', 'shift'] : ['scale'])
    return viewed(c, { layer: made, axes })
  }
export const layerNorm = norm('layer-norm')
export const rmsNorm = norm('rms-norm')

/**
 * A number a channel, or one for all, behind a norm that was worked out without scale and shift, which becomes the norm's own.
 *
 * @returns undefined where it stands behind something else, or something else takes the norm's value too.
 */
export function affine(c: Converter, name: string, constant: Constant, role: 'scale' | 'shift'): Outcome | undefined {
  const view = c.view(name)
  const free = view && c.bare.get(view.layer)
  if (!view || view.from || view.factor || !free?.includes(role) || !c.isSole(name, view.layer)) return undefined
  const channels = c.list.shape(view.layer)?.at(-1)
  if (channels === undefined) return undefined
  const { length } = view.axes
  const dims = [...Array.from({ length: Math.max(0, length - constant.dims.length) }, () => 1), ...constant.dims]
  const isAChannel = dims.every((side, at) => side === 1 || (side === channels && isChannels(view.axes[at], channels)))
  if (dims.length !== length || ![1, channels].includes(constant.length) || !isAChannel) return undefined
  const all = { ...torch(spread(constant, channels / constant.length)), shape: [channels] }
  c.list.setTensors(view.layer, { ...c.list.tensors[view.layer], [role]: all })
  // A scale behind a scale or a shift would be of what these made.
  c.bare.set(view.layer, role === 'scale' ? free.filter((one) => one === 'shift') : [])
  return c.value(name)
}
