import { elements } from '../../../../shared/ops/op'
import type { Constant, OnnxNode } from '../../../formats/onnx/model'
import { type Axes, OPEN_BATCH, sizeOf } from './axes'
import { expandedConstant, reshapedConstant, someOfConstant, turnedConstant, withAxesOfOne } from './constants'
import type { Converter } from './converter'
import { axesInFile } from './ranks'
import { axisOf, told } from './turned'

/** What is worked out of constants and of sides alone: chains of Shape, Gather, Concat and the like, by which exporters say a shape whose batch is open. */

/** Numbers of a shape, or a few that are worked out of one. */
const MOST = 64
/** TensorProto.DataType of truths. */
const TRUTHS = 9
/** TensorProto.DataType of whole numbers and truths, to which a number is cut. */
const WHOLE_TYPES = new Set([2, 3, 4, 5, 6, 7, TRUTHS, 12, 13])
/** Whether a Cast cuts numbers to whole ones. */
export const isToWhole = ({ attributes }: OnnxNode): boolean => WHOLE_TYPES.has(attributes.int('to', 1))

/** The sides of a constant, or of a value as its file has it; what an open batch is in is not taken for an ordinary number. */
function sidesOf(c: Converter, name: string | undefined): readonly number[] | undefined {
  const axes = axesInFile(c, name)
  const isBatch = (axis: Axes[number]): boolean => axis.some(({ of }) => of === 'batch')
  if (c.isOpen) for (const axis of axes ?? []) if (isBatch(axis)) c.openNumbers.add(sizeOf(axis))
  return c.constant(name)?.dims ?? axes?.map(sizeOf)
}

/** What an open batch was divided by, or bounded with, is an ordinary number again below that. */
const LEAST_OPEN = OPEN_BATCH / MOST

type WorkedOut = readonly Constant[] | undefined
type Work = (node: OnnxNode, c: Converter) => Constant | WorkedOut

interface Few {
  readonly dims: readonly number[]
  readonly values: readonly number[]
  readonly isWhole: boolean
  /** Whether all of it was written in the program, and nothing learned. */
  readonly isTold: boolean
}

function fewOf(constant: Constant | undefined): Few | undefined {
  if (!constant || constant.length > MOST || constant.isNoNumber === true) return undefined
  const whole = constant.integers()
  const isTold = whole !== undefined || constant.isTold === true
  return { dims: constant.dims, values: whole ?? [...constant.floats()], isWhole: whole !== undefined, isTold }
}

const constantOf = ({ dims, values, isWhole, isTold = true }: Omit<Few, 'isTold'> & { readonly isTold?: boolean }): Constant => ({
  ...{ dims, length: values.length, ...(isTold && { isTold }) },
  floats: () => Float32Array.from(values),
  integers: () => (isWhole ? [...values] : undefined),
})

/** Each of some numbers, spread to one shape. */
function spread(
  given: readonly Few[],
): { readonly dims: readonly number[]; readonly of: readonly (readonly number[])[] } | undefined {
  const rank = Math.max(...given.map(({ dims }) => dims.length))
  const sides = Array.from({ length: rank }, (_, i) =>
    given.reduce((side, { dims }) => {
      const own = dims[i - rank + dims.length] ?? 1
      return own === 1 ? side : own
    }, 1),
  )
  if (elements(sides) > MOST) return undefined
  const all = given.map((one) => fewOf(expandedConstant(constantOf(one), sides)))
  return all.some((one) => one?.dims.join() !== sides.join()) ? undefined : { dims: sides, of: all.map((one) => one!.values) }
}

/** @param isTruth Whether it makes truths, which are whole. */
const each =
  (work: (a: number, b: number, isWhole: boolean) => number, isTruth = false): Work =>
  (node, c) => {
    const found = node.inputs.map((name) => fewOf(c.constant(name)))
    const given = found.filter((one) => one !== undefined)
    const all = given.length === found.length && given.length > 0 ? spread(given) : undefined
    if (!all) return undefined
    const areWhole = given.every((one) => one.isWhole)
    const isOpen = given.some((one) => one.isWhole && one.values.some((value) => c.openNumbers.has(value)))
    if (isOpen && !areWhole) return undefined
    const [first, ...others] = all.of as [readonly number[], ...(readonly number[])[]]
    const values = first.map((one, at) =>
      others.length === 0 ? work(one, one, areWhole) : others.reduce((left, other) => work(left, other[at]!, areWhole), one),
    )
    if (isOpen) for (const value of values) if (Math.abs(value) > LEAST_OPEN) c.openNumbers.add(value)
    return constantOf({ dims: all.dims, values, isWhole: isTruth || areWhole, isTold: given.every((one) => one.isTold) })
  }

const shape: Work = (node, c) => {
  const sides = sidesOf(c, node.inputs[0])
  if (!sides) return undefined
  const [start, end] = [node.attributes.int('start', 0), node.attributes.int('end', sides.length)]
  const values = sides.slice(start, end)
  return constantOf({ dims: [values.length], values, isWhole: true })
}

const size: Work = (node, c) => {
  const sides = sidesOf(c, node.inputs[0])
  if (!sides) return undefined
  const count = elements(sides)
  if (sides.some((side) => c.openNumbers.has(side))) c.openNumbers.add(count)
  return constantOf({ dims: [], values: [count], isWhole: true })
}

const gathered: Work = (node, c) => {
  const [from, at] = [c.constant(node.inputs[0]), fewOf(c.constant(node.inputs[1]))]
  const axis = from && axisOf(node.attributes.int('axis', 0), from.dims.length)
  if (!from || !at?.isWhole || axis === undefined) return undefined
  const side = from.dims[axis]!
  const places = at.values.map((place) => axisOf(place, side))
  if (places.includes(undefined)) return undefined
  if (places.length === 1) {
    const one = someOfConstant(from, axis, places[0]!, 1)
    return one && reshapedConstant(one, [...from.dims.slice(0, axis), ...at.dims, ...from.dims.slice(axis + 1)])
  }
  const few = from.dims.length === 1 && at.dims.length === 1 ? fewOf(from) : undefined
  return few && constantOf({ ...few, dims: at.dims, values: places.map((place) => few.values[place!]!) })
}

const sliced: Work = (node, c) => {
  let from = c.constant(node.inputs[0])
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, i) => told(node, c, name, i + 1))
  if (!starts || !ends) return undefined
  for (const [i, start] of starts.entries()) {
    const axis = from && axisOf(axes?.[i] ?? i, from.dims.length)
    const step = steps?.[i] ?? 1
    if (!from || axis === undefined || step < 1 || ends[i] === undefined) return undefined
    const side = from.dims[axis]!
    const [first, end] = [start, ends[i]].map((at) => Math.min(Math.max(at < 0 ? at + side : at, 0), side)) as [number, number]
    from = someOfConstant(from, axis, first, Math.max(0, Math.ceil((end - first) / step)), step)
  }
  return from
}

const joined: Work = (node, c) => {
  const parts = node.inputs.map((name) => fewOf(c.constant(name)))
  if (parts.some((part) => part?.dims.length !== 1)) return undefined
  const values = parts.flatMap((part) => part!.values)
  const isWhole = parts.every((part) => part!.isWhole || part!.values.length === 0)
  const isTold = parts.every((part) => part!.isTold)
  return values.length <= MOST ? constantOf({ dims: [values.length], values, isWhole, isTold }) : undefined
}

const split: Work = (node, c) => {
  const from = c.constant(node.inputs[0])
  const axis = from && axisOf(node.attributes.int('axis', 0), from.dims.length)
  if (!from || axis === undefined) return undefined
  const lengths = told(node, c, 'split', 1) ?? evenly(from.dims[axis]!, node.outputs.length)
  let first = 0
  const parts = lengths.map((length) => someOfConstant(from, axis, (first += length) - length, length))
  return first === from.dims[axis] && !parts.includes(undefined) ? (parts as Constant[]) : undefined
}

/** As ONNX cuts what does not divide: the last part is the smaller one. */
export function evenly(side: number, count: number): number[] {
  const most = Math.ceil(side / count)
  return Array.from({ length: count }, (_, at) => Math.max(0, Math.min(most, side - at * most)))
}

const cast: Work = (node, c) => {
  const constant = c.constant(node.inputs[0])
  const few = fewOf(constant)
  const isWhole = isToWhole(node)
  if (!few) return isWhole ? undefined : constant
  if (node.attributes.int('to', 1) === TRUTHS)
    return constantOf({ ...few, values: few.values.map((value) => Number(value !== 0)), isWhole })
  if (isWhole === few.isWhole) return constant
  if (!isWhole && few.values.some((value) => c.openNumbers.has(value))) return undefined
  return constantOf({ ...few, values: isWhole ? few.values.map(Math.trunc) : few.values, isWhole })
}

const filled: Work = (node, c) => {
  const sides = c.constant(node.inputs[0])?.integers()
  const given = fewOf(node.attributes.tensor('value'))
  const value = node.attributes.has('value') ? given?.values[0] : 0
  if (!sides || value === undefined || !(elements(sides) <= MOST)) return undefined
  return constantOf({ dims: sides, values: new Array<number>(elements(sides)).fill(value), isWhole: given?.isWhole === true })
}

const chosen: Work = (node, c) => {
  const [condition, a, b] = node.inputs.map((name) => fewOf(c.constant(name)))
  const all = condition && a && b && spread([condition, a, b])
  if (!all) return undefined
  const values = all.of[0]!.map((one, at) => all.of[one ? 1 : 2]![at]!)
  return constantOf({ dims: all.dims, values, isWhole: a.isWhole && b.isWhole, isTold: a.isTold && b.isTold })
}

const reshaped: Work = (node, c) => {
  const [from, sides] = [c.constant(node.inputs[0]), told(node, c, 'shape', 1)]
  return from && sides && reshapedConstant(from, sides)
}

/** What is the same for each image of an open batch stays once. */
const expanded: Work = (node, c) => {
  const [from, sides] = [c.constant(node.inputs[0]), c.constant(node.inputs[1])?.integers()]
  return from && sides && expandedConstant(from, c.isOpen ? sides.map((side) => (side === c.batch ? 1 : side)) : sides)
}

const withAxes =
  (isMore: boolean): Work =>
  (node, c) => {
    const from = c.constant(node.inputs[0])
    const sides = from && withAxesOfOne(from, told(node, c, 'axes', 1), isMore)
    return sides && reshapedConstant(from, sides)
  }

const turned: Work = (node, c) => {
  const from = c.constant(node.inputs[0])
  return from && turnedConstant(from, node.attributes.ints('perm') ?? [...from.dims.keys()].reverse())
}

const range: Work = (node, c) => {
  const given = node.inputs.map((name) => fewOf(c.constant(name)))
  const [start, limit, step] = given.map((few) => few?.values[0])
  const count = start === undefined || limit === undefined || !step ? NaN : Math.max(0, Math.ceil((limit - start) / step))
  if (!(count <= MOST)) return undefined
  return constantOf({
    dims: [count],
    values: Array.from({ length: count }, (_, at) => start! + at * step!),
    isWhole: given.every((few) => few?.isWhole),
  })
}

/** With the divisor's sign, and with the dividend's as C's fmod. */
const modulo = each((a, b) => a - b * Math.floor(a / b))
const remainder = each((a, b) => a % b)

/** https://onnx.ai/onnx/operators */
const works: ReadonlyMap<string, Work> = new Map<string, Work>([
  ['Shape', shape],
  ['Size', size],
  ['Gather', gathered],
  ['Slice', sliced],
  ['Concat', joined],
  ['Split', split],
  ['Cast', cast],
  ['ConstantOfShape', filled],
  ['Where', chosen],
  ['Reshape', reshaped],
  ['Expand', expanded],
  ['Unsqueeze', withAxes(true)],
  ['Squeeze', withAxes(false)],
  ['Transpose', turned],
  ['Range', range],
  ['Identity', (node, c) => c.constant(node.inputs[0])],
  ['Add', each((a, b) => a + b)],
  ['Sub', each((a, b) => a - b)],
  ['Mul', each((a, b) => a * b)],
  ['Div', each((a, b, isWhole) => (isWhole ? Math.trunc(a / b) : a / b))],
  ['Mod', (node, c) => (node.attributes.int('fmod', 0) === 0 ? modulo : remainder)(node, c)],
  ['Pow', each((a, b) => a ** b)],
  ['Min', each((a, b) => Math.min(a, b))],
  ['Max', each((a, b) => Math.max(a, b))],
  ['Sqrt', each((a) => Math.sqrt(a))],
  ['Reciprocal', each((a) => 1 / a)],
  ['Neg', each((a) => -a)],
  ['Floor', each((a) => Math.floor(a))],
  ['Ceil', each((a) => Math.ceil(a))],
  ['Equal', each((a, b) => Number(a === b), true)],
  ['Greater', each((a, b) => Number(a > b), true)],
  ['Less', each((a, b) => Number(a < b), true)],
  ['Not', each((a) => Number(!a), true)],
])

/** Of constants and sides alone, what leaves a node, by its outputs. */
export function workedOut(node: OnnxNode, c: Converter): WorkedOut {
  const isOfSides = node.op === 'Shape' || node.op === 'Size'
  const work = works.get(node.op)
  if (!work || (!isOfSides && !node.inputs.every((name) => name === '' || c.constant(name)))) return undefined
  const made = work(node, c)
  return made === undefined || Array.isArray(made) ? (made as WorkedOut) : [made as Constant]
}
