import { elements } from '../../../shared/ops/op'

/** What a call of a layer takes, as Keras writes it: values of other layers, numbers of the program, settings. */

/** One of the values that leave a layer. */
export interface KerasSource {
  readonly name: string
  /** Which of them; models and some operations have several. */
  readonly at: number
}
export interface KerasCall {
  /** The values that it takes, in order. */
  readonly sources: readonly KerasSource[]
  readonly constants: readonly KerasConstant[]
  /** Single numbers that it works on. */
  readonly numbers: readonly number[]
  readonly args: readonly unknown[]
  readonly kwargs: Readonly<Record<string, unknown>>
  /** What else it is called with, in words. */
  readonly strange: readonly string[]
}
/** Numbers that the program was written with. */
export interface KerasConstant {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

const MOST_AXES = 8
/** Names by which a layer or an operation is given the values that it works on. */
const OPERANDS = new Set(['inputs', 'x', 'x1', 'x2', 'xs'])

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const entryOf = (value: unknown, kind: string): Readonly<Record<string, unknown>> | undefined =>
  isObject(value) && value['class_name'] === kind && isObject(value['config']) ? value['config'] : undefined
const isPlace = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** The value of a layer that this is. */
export function sourceIn(value: unknown): KerasSource | undefined {
  const history = entryOf(value, '__keras_tensor__')?.['keras_history']
  const [name, , at] = Array.isArray(history) ? (history as unknown[]) : []
  return typeof name === 'string' && isPlace(at) ? { name, at } : undefined
}

/** What is named in the order in which Keras counts it. */
export const inNamesOrder = (named: Readonly<Record<string, unknown>>): unknown[] =>
  Object.keys(named)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => named[name])

/** What enters or leaves a model, as its settings list it: `["dense", 0, 0]`, a list of such, or such by their names. */
export function listedSources(told: unknown): readonly KerasSource[] | undefined {
  if (isObject(told)) return listedSources(inNamesOrder(told))
  if (!Array.isArray(told)) return undefined
  const [name, , at] = told as unknown[]
  if (typeof name === 'string') return isPlace(at) ? [{ name, at }] : undefined
  const each = told.map(listedSources)
  return each.includes(undefined) ? undefined : (each as (readonly KerasSource[])[]).flat()
}

/** Where a slice begins, ends, and its step; null where it does not say. */
export type KerasSlice = Readonly<Record<'start' | 'stop' | 'step', number | null>>

export function sliceIn(value: unknown): KerasSlice | undefined {
  const slice = entryOf(value, '__slice__')
  const [start, stop, step] = ['start', 'stop', 'step'].map((name) => slice?.[name] ?? null)
  const isBound = (one: unknown): one is number | null => one === null || Number.isSafeInteger(one)
  return slice && isBound(start) && isBound(stop) && isBound(step) ? { start, stop, step } : undefined
}

/** Whether it is `:`, all of an axis. */
export function isWholeSlice(value: unknown): boolean {
  const slice = sliceIn(value)
  return slice !== undefined && Object.values(slice).every((one) => one === null)
}

/** Whether a setting of a call says nothing: `mask=None`, `training=False`, zeros to pad with. */
const isIdle = (name: string, value: unknown): boolean =>
  (value ?? null) === null ||
  (Array.isArray(value) && value.every((one) => one === null)) ||
  (isObject(value) && Object.values(value).every((one) => one === null)) ||
  (name === 'training' && value === false) ||
  (name === 'constant_values' && value === 0)

/** A list of lists of numbers; undefined where it is none, or its rows differ. */
function constantIn(value: unknown): KerasConstant | undefined {
  const written = (entryOf(value, '__tensor__') ?? entryOf(value, '__numpy__'))?.['value']
  const dims: number[] = []
  for (let row = written; Array.isArray(row); row = row[0] as unknown) dims.push(row.length)
  const numbers = dims.length > 0 && dims.length <= MOST_AXES ? (written as unknown[]).flat(MOST_AXES) : []
  const length = elements(dims)
  const isEven = (row: unknown, depth: number): boolean =>
    depth === dims.length
      ? typeof row === 'number'
      : Array.isArray(row) && row.length === dims[depth] && row.every((one) => isEven(one, depth + 1))
  return numbers.length === length && length > 0 && isEven(written, 0)
    ? { dims, values: Float32Array.from(numbers as number[]) }
    : undefined
}

/** All calls of a layer, in order. */
export const callsOf = (nodes: unknown): readonly KerasCall[] =>
  Array.isArray(nodes) && nodes.length > 0 ? nodes.map(callOf) : [callOf(undefined)]

function callOf(node: unknown): KerasCall {
  const told = isObject(node) ? node : {}
  const args = Array.isArray(told['args']) ? (told['args'] as unknown[]) : []
  const kwargs = isObject(told['kwargs']) ? told['kwargs'] : {}
  const sources: KerasSource[] = []
  const constants: KerasConstant[] = []
  const numbers: number[] = []
  const strange: string[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    const [source, constant] = [sourceIn(value), constantIn(value)]
    if (source) sources.push(source)
    else if (constant) constants.push(constant)
    else if (typeof value === 'number') numbers.push(value)
    else if (isObject(value) && value['class_name'] === undefined) inNamesOrder(value).forEach(walk)
    else if ((value ?? null) !== null)
      strange.push(typeof value === 'object' ? 'something that is no value of a layer' : String(value).slice(0, 40))
  }
  walk(args)
  for (const [name, value] of Object.entries(kwargs)) {
    if (isIdle(name, value)) continue
    const [known, counted] = [strange.length, numbers.length]
    walk(value)
    if (OPERANDS.has(name)) continue
    strange.splice(known, Infinity, `"${name.slice(0, 40)}"`)
    numbers.splice(counted)
  }
  return { sources, constants, numbers, args, kwargs, strange }
}
