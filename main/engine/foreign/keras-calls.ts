/** What a call of a layer takes, as Keras writes it: values of other layers, numbers of the program, settings. */

export interface KerasCall {
  /** The layers whose values it takes, in order. */
  readonly names: readonly string[]
  readonly constants: readonly KerasConstant[]
  readonly args: readonly unknown[]
  readonly kwargs: Readonly<Record<string, unknown>>
}
/** Numbers that the program was written with. */
export interface KerasConstant {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

const MOST_AXES = 8
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const entryOf = (value: unknown, kind: string): Readonly<Record<string, unknown>> | undefined =>
  isObject(value) && value['class_name'] === kind && isObject(value['config']) ? value['config'] : undefined

/** The layer whose value this is. */
export function layerIn(value: unknown): string | undefined {
  const history = entryOf(value, '__keras_tensor__')?.['keras_history']
  return Array.isArray(history) && typeof history[0] === 'string' ? history[0] : undefined
}

/** Whether it is `:`, all of an axis. */
export function isWholeSlice(value: unknown): boolean {
  const slice = entryOf(value, '__slice__')
  return slice !== undefined && ['start', 'stop', 'step'].every((name) => (slice[name] ?? null) === null)
}

/** A list of lists of numbers; undefined where it is none, or its rows differ. */
function constantIn(value: unknown): KerasConstant | undefined {
  const written = (entryOf(value, '__tensor__') ?? entryOf(value, '__numpy__'))?.['value']
  const dims: number[] = []
  for (let row = written; Array.isArray(row); row = row[0] as unknown) dims.push(row.length)
  const numbers = dims.length > 0 && dims.length <= MOST_AXES ? (written as unknown[]).flat(MOST_AXES) : []
  const length = dims.reduce((product, side) => product * side, 1)
  const isEven = (row: unknown, depth: number): boolean =>
    depth === dims.length
      ? typeof row === 'number'
      : Array.isArray(row) && row.length === dims[depth] && row.every((one) => isEven(one, depth + 1))
  return numbers.length === length && length > 0 && isEven(written, 0)
    ? { dims, values: Float32Array.from(numbers as number[]) }
    : undefined
}

/** The first call of a layer. */
export function callOf(nodes: unknown): KerasCall {
  const first = Array.isArray(nodes) && isObject(nodes[0]) ? nodes[0] : {}
  const [args, kwargs] = [
    Array.isArray(first['args']) ? (first['args'] as unknown[]) : [],
    isObject(first['kwargs']) ? first['kwargs'] : {},
  ]
  const [names, constants]: [string[], KerasConstant[]] = [[], []]
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    const [name, constant] = [layerIn(value), constantIn(value)]
    if (name !== undefined) names.push(name)
    else if (constant) constants.push(constant)
  }
  walk(args)
  walk(Object.values(kwargs))
  return { names, constants, args, kwargs }
}
