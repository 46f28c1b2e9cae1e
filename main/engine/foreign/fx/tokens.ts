import { elements } from '../../../../shared/ops/op'
import { type FxValue, isList } from '../../../formats/fx'
import { DROPS } from '../onnx/attention'
import { axisOf } from '../onnx/turned'
import type { AskedCall, Said, Step } from './in-onnx'
import { number, sameShape, type Say } from './say'

/** Calls that put a value's numbers into other axes, take some of them, or let places attend to one another. */

const integers = (call: AskedCall, values: readonly number[]): string => call.constant([values.length], values)
const isNone = (given: FxValue | undefined): boolean => (given ?? null) === null || given === false

/** What changes the axes alone is known by the shapes. */
export const reshaped: Say = (call) => {
  const { from, to, entering } = call
  if (sameShape(from, to)) return { op: 'Identity', isAlias: true }
  if (elements(to) !== elements(from)) return { why: `it makes ${to.slice(1).join('×')} of ${from.slice(1).join('×')}` }
  if (to.length === 2 && from.length > 2 && to[0] === from[0]) return { op: 'Flatten', isAlias: true }
  return { op: 'Reshape', isPart: true, inputs: [entering, integers(call, to)] }
}

const turned = (order: readonly number[]): Said => ({ op: 'Transpose', isPart: true, attributes: { perm: order } })

/** The numbers that a call is given, in a list or behind one another. */
function numbers({ given }: AskedCall, name: string, at: number): number[] {
  const first = given(name, at)
  if (isList(first)) return first.map((one) => number(one, NaN))
  const told: number[] = []
  let [place, one]: [number, FxValue | undefined] = [at, first]
  while (typeof one === 'number') {
    told.push(one)
    one = given('', ++place)
  }
  return told
}

export const permuted: Say = (call) => {
  const rank = call.from.length
  return turned(numbers(call, 'dims', 1).map((axis) => (axis < 0 ? axis + rank : axis)))
}

export const transposed: Say = ({ given, from }) => {
  const [a, b] = [given('dim0', 1), given('dim1', 2)].map((axis) => axisOf(number(axis, NaN), from.length))
  if (a === undefined || b === undefined) return { why: 'it turns axes that are not there' }
  return turned(from.map((_, axis) => (axis === a ? b : axis === b ? a : axis)))
}

/** Each entry of an axis. */
export const unbound: Say = (call) => {
  const axis = number(call.given('dim', 1), 0)
  return {
    list: (place) => ({ op: 'Gather', isPart: true, inputs: [call.entering, call.constant([], [place])], attributes: { axis } }),
  }
}

/** Stretches of an axis: so many of equal length, or of the length that is told. */
export const parts: Say = (call) => {
  const { given, from, entering } = call
  const axis = number(given('dim', 2), 0)
  const side = from[axis < 0 ? axis + from.length : axis] ?? 0
  const told = given('chunks') ?? given('split_size_or_sections') ?? given('split_size') ?? given('', 1)
  const isChunks = call.called === 'chunk'
  const lengths = isList(told) ? told.map((one) => number(one, NaN)) : undefined
  const length = isChunks ? Math.ceil(side / number(told, 1)) : number(told, side)
  if (!(lengths ?? [length]).every((one) => Number.isSafeInteger(one) && one >= (lengths ? 0 : 1)))
    return { why: 'its parts have lengths that cannot be' }
  return {
    list(asked) {
      // Beyond the last there is nothing, which is no part.
      const count = lengths?.length ?? Math.ceil(side / length)
      const place = axisOf(asked, count) ?? count
      const first = lengths ? lengths.slice(0, place).reduce((sum, one) => sum + one, 0) : place * length
      const end = Math.min(first + (lengths ? (lengths[place] ?? 0) : length), side)
      const of = (value: number): string => integers(call, [value])
      return { op: 'Slice', isPart: true, inputs: [entering, of(first), of(end), of(axis), of(1)] }
    },
  }
}

/** A tensor of the state dict, the same for each image. */
export const expanded: Say = (call) => {
  const first = call.given('input', 0)
  const constant = call.tensor(first)
  if (constant === undefined)
    return sameShape(call.from, call.to) ? { op: 'Identity', isAlias: true } : { why: 'it repeats what is worked out' }
  const dims = call.dims(constant)
  const isOnce = dims.length === call.to.length && dims.filter((side, at) => side !== call.to[at]).length <= 1
  const at = dims.findIndex((side, i) => side !== call.to[i])
  return isOnce && (at < 0 || dims[at] === 1) ? { constant } : { why: 'it repeats a tensor along more than the batch' }
}

/** A mean over axes. */
export const mean: Say = (call) => {
  const axes = numbers(call, 'dim', 1)
  if (axes.length === 0) return { why: 'it is a mean over all axes' }
  const told = axes.map((axis) => (axis < 0 ? axis + call.from.length : axis)).sort()
  if (call.from.length === 4 && told.join() === '2,3')
    return { op: 'ReduceMean', attributes: { axes: told, keepdims: call.to.length === 4 ? 1 : 0 } }
  return { op: 'ReduceMean', attributes: { axes: told, keepdims: call.to.length === call.from.length ? 1 : 0 } }
}

/** `x[:, :, ::2, ::2]`, `x[:, 0]`. */
export const item: Say = (call) => {
  const index = call.given('index', 1)
  const all = isList(index) ? index : [index]
  const entries: { axis: number; entry: number }[] = []
  const slices: { axis: number; start: number; end: number; step: number }[] = []
  for (const [axis, part] of all.entries()) {
    if (typeof part === 'number') entries.push({ axis, entry: part })
    else if (typeof part === 'object' && part !== null && !isList(part) && 'slice' in part) {
      if (part.slice.some((bound) => bound !== null && typeof bound !== 'number')) return { why: 'what it takes is worked out' }
      const [start, end, step] = part.slice
      if ([start, end, step].some((bound) => bound !== null))
        slices.push({ axis, start: number(start, 0), end: number(end, 2 ** 31 - 1), step: number(step, 1) })
    } else return { why: 'it takes a part of its input' }
  }
  if (all.length > call.from.length) return { why: 'it takes a part of its input' }
  const steps: Step[] = [
    ...(slices.length > 0
      ? [
          {
            op: 'Slice',
            inputs: [
              (['start', 'end', 'axis', 'step'] as const).map((name) =>
                integers(
                  call,
                  slices.map((slice) => slice[name]),
                ),
              ),
            ].flat(),
          },
        ]
      : []),
    // From behind, so that the axes before stay where they are.
    ...entries.reverse().map(({ axis, entry }) => ({ op: 'Gather', inputs: [call.constant([], [entry])], attributes: { axis } })),
  ]
  const [first, ...then] = steps
  if (!first) return { op: 'Identity', isAlias: true }
  return { ...first, inputs: [call.entering, ...(first.inputs ?? [])], then, isPart: true }
}

export const matmul: Say = ({ given, value, tensor }) => {
  const inputs = ['input', 'other'].map((name, at) => {
    const one = given(name, at) ?? given(at === 0 ? 'input' : 'mat2', at)
    return value(one) ?? tensor(one)
  })
  return inputs.includes(undefined) ? { why: 'what it is given is worked out' } : { op: 'MatMul', inputs: inputs as string[] }
}

export const scaledDotProduct: Say = ({ given, value }) => {
  const inputs = ['query', 'key', 'value'].map((name, at) => value(given(name, at)))
  if (inputs.includes(undefined)) return { why: 'what it is given is worked out' }
  if (!isNone(given('attn_mask', 3)) || !isNone(given('is_causal', 5))) return { why: 'a mask goes into it' }
  const scale = given('scale') ?? null
  if (scale !== null && typeof scale !== 'number') return { why: 'its scale is worked out' }
  const dropped = given('dropout_p', 4) ?? 0
  if (typeof dropped !== 'number') return { why: 'its dropout is worked out' }
  const attributes = { ...(scale !== null && { scale }) }
  return { op: 'Attention', inputs: inputs as string[], attributes, ...(dropped > 0 && { left: DROPS }) }
}

/** Of queries, keys and values; what it returns besides, the weights, is taken by nobody here. */
export const multiHead: Say = (call) => {
  const { given, value } = call
  const entering = ['query', 'key', 'value'].map((name, at) => value(given(name, at)))
  const masks = [
    given('key_padding_mask', 3),
    given('attn_mask', 5),
    given('is_causal', 7),
    given('bias_k'),
    given('bias_v'),
    given('add_zero_attn'),
  ]
  let said: Said
  if (entering.includes(undefined)) said = { why: 'what it is given is worked out' }
  else if (!masks.every(isNone)) said = { why: 'a mask, or keys of its own, go into it' }
  else {
    const names = [
      'in_proj_weight',
      'q_proj_weight',
      'k_proj_weight',
      'v_proj_weight',
      'in_proj_bias',
      'out_proj.weight',
      'out_proj.bias',
    ]
    const inputs = [...(entering as string[]), ...names.map((name) => call.tensor(given(name)) ?? '')]
    said = {
      op: 'MultiHeadAttention',
      inputs,
      attributes: {
        num_heads: number(given('num_heads'), 0),
        dropout: number(given('dropout'), 0),
        batch_axis: given('batch_first') === true ? 0 : 1,
      },
    }
  }
  return {
    first: said,
    list: (place) => (place === 0 ? { op: 'Identity', inputs: [call.name] } : { why: 'it is an attention’s weights' }),
  }
}
