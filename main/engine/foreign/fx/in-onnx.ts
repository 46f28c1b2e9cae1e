import { type FxCall, type FxNetwork, type FxValue, isList, nodesIn } from '../../../formats/fx'
import type { Constant, NodeAttributes, OnnxModel, OnnxNode } from '../../../formats/onnx/model'
import { calls, functionOf, KNOWN_BY_SHAPE } from './calls'
import { filledConstant } from '../onnx/constants'
import { InPlace } from './in-place'

/** What a call comes to in ONNX's words; without an operator, why there is none. */
export type Said =
  | {
      readonly op: string
      readonly inputs?: readonly string[]
      readonly attributes?: Readonly<Record<string, Told>>
      /** Whether it is its input's memory by another name, or a part of that. */
      readonly isAlias?: boolean
      readonly isPart?: boolean
      /** What is left out of it, for the report. */
      readonly left?: string
      /** Operators that follow, each on what the one before it leaves. */
      readonly then?: readonly Step[]
    }
  /** A tensor of the state dict, once for each image. */
  | { readonly constant: string }
  /** Several values, each told by its place. */
  | { readonly list: (place: number) => Said; readonly first?: Said }
  | { readonly why: string }
export interface Step {
  readonly op: string
  /** Behind the value itself. */
  readonly inputs?: readonly string[]
  readonly attributes?: Readonly<Record<string, Told>>
}
type Told = number | string | readonly number[]

/** A call as the table of calls.ts asks it. */
export interface AskedCall {
  /** Its own name, and the word under which it is in the table. */
  readonly name: string
  readonly called: string
  /** The name of its first argument's value, and the shapes of that and of what is returned; empty where they are no tensor's. */
  readonly entering: string
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** What it is given by this name, or at this place in its arguments. */
  given(name: string, at?: number): FxValue | undefined
  /** The name of a value among what it is given; undefined where it is none. */
  value(given: FxValue | undefined): string | undefined
  shape(given: FxValue | undefined): readonly number[]
  /** The name of a tensor of the state dict as a constant; undefined where it is given none. */
  tensor(given: FxValue | undefined): string | undefined
  dims(constant: string): readonly number[]
  constant(dims: readonly number[], values: readonly number[]): string
  /** So many of one number, made when they are read. */
  filled(length: number, value: number): string
}

/**
 * A network of torch.fx in ONNX's words, so that one table knows what there is a layer for. Shapes are those that PyTorch told for two images. What PyTorch does in place is done to the value
 * wherever it is used from then on, as there.
 */
export function inOnnx(network: FxNetwork): OnnxModel {
  const constants = new Map<string, Constant>()
  const inputs: { name: string; dims: (number | null)[] }[] = []
  const outputs: string[] = []
  const nodes: OnnxNode[] = []
  const shapes = new Map<string, readonly number[]>()
  const places = new InPlace()
  const users = new Map<string, Set<string>>()
  const lists = new Map<string, (place: number) => Said>()

  const constant = (made: Constant): string => {
    const name = `constant ${constants.size}`
    constants.set(name, { ...made, isTold: true })
    return name
  }
  const asked = (call: FxCall, use: (tensor: string) => void): AskedCall => {
    const value = (given: FxValue | undefined): string | undefined => {
      const name = isObject(given) && 'node' in given ? given.node : undefined
      return name === undefined ? undefined : places.latest(name)
    }
    const shape = (given: FxValue | undefined): readonly number[] =>
      (isObject(given) && 'node' in given && shapes.get(given.node)) || []
    const first = call.args[0] ?? call.options['input']
    return {
      ...{ name: call.name, called: functionOf(call.call) },
      ...{ entering: value(first) ?? '', from: shape(first), to: call.shape ?? [], value, shape },
      given(name, at) {
        const told = [name, NUMPY_NAMES.get(name)].find((one) => one !== undefined && Object.hasOwn(call.options, one))
        if (told !== undefined) return call.options[told]
        return at === undefined ? undefined : call.args[at]
      },
      tensor(given) {
        if (!isObject(given) || !('tensor' in given)) return undefined
        const tensor = network.tensor(given.tensor)
        if (!tensor) return undefined
        use(given.tensor)
        constants.set(`tensor ${given.tensor}`, tensor)
        return `tensor ${given.tensor}`
      },
      dims: (name) => constants.get(name)?.dims ?? [],
      constant(dims, values) {
        const floats = Float32Array.from(values)
        return constant({ dims, length: floats.length, floats: () => floats, integers: () => [...values] })
      },
      filled: (length, value) => constant(filledConstant(length, value)),
    }
  }
  for (const call of network.calls) {
    const { name } = call
    if (call.call === 'output') {
      const [first] = nodesIn(call.args)
      if (first) outputs.push(places.latest(first.node))
      continue
    }
    // A number or a truth about shapes: what was made of it has its own shape.
    if (call.shape === undefined) continue
    shapes.set(name, call.shape)
    if (call.call === 'placeholder') {
      inputs.push({ name, dims: [null, ...network.input] })
      continue
    }
    const own = asked(call, (tensor) => {
      const weights = Object.hasOwn(network.shared, tensor) ? network.shared[tensor]! : [tensor]
      for (const weight of weights) users.set(weight, (users.get(weight) ?? new Set()).add(name))
    })
    const called = functionOf(call.call)
    const taken = nodesIn([call.args, ...Object.values(call.options)])
    const say = calls[called]
    let said: Said = ofList(own, lists) ?? (say ? say(own) : { why: 'there is no such layer here' })
    if ('constant' in said) {
      constants.set(name, constants.get(said.constant)!)
      continue
    }
    if ('list' in said) {
      lists.set(name, said.list)
      if (!said.first) continue
      said = said.first
    }
    if ('op' in said && !KNOWN_BY_SHAPE.has(called) && taken.some(({ node }) => !shapes.has(node)))
      said = { why: 'what it is given is worked out' }
    else if (taken.some(({ node }) => places.isStale(node)))
      said = { why: 'what it takes was changed in place by way of other pixels of it' }
    const all = taken.map(({ node }) => places.latest(node))
    const path = call.path || name
    const seen = { ...(call.shape.length > 0 && { shape: call.shape }) }
    if (!('op' in said)) {
      const why = 'why' in said ? said.why : 'it leaves several values'
      nodes.push({ name: path, outputs: [name], ...seen, op: call.call, inputs: all, attributes: told({}), why })
      continue
    }
    const { left } = said
    const steps: Step[] = [{ ...said, inputs: said.inputs ?? [own.entering] }, ...(said.then ?? [])]
    steps.forEach(({ op, inputs = [], attributes = {} }, at) => {
      const isLast = at === steps.length - 1
      const taking = at === 0 ? inputs : [`${name} ${at}`, ...inputs]
      nodes.push({
        name: path,
        outputs: [isLast ? name : `${name} ${at + 1}`],
        ...(isLast && seen),
        ...(isLast && left !== undefined && { left }),
        op,
        inputs: taking,
        attributes: told(attributes),
      })
    })
    const isInPlace = own.given('inplace') === true || /[^_]_$|^i(add|mul)$/.test(call.call)
    // What lies in other axes in memory is copied to lie next to one another.
    const isAlias = said.isAlias === true && !(called === 'contiguous' && places.isPart(own.entering))
    if (isInPlace || isAlias) places.share(name, said.inputs?.[0] ?? own.entering, isInPlace)
    else if (said.isPart) places.cut(name, own.entering)
  }
  const approximated = [...sharedWeights(users), ...parametrisedWeights(network.parametrised, users)]
  return { producer: network.producer, nodes, constants, inputs, outputs, batch: BATCH, approximated }
}

/** Weights that are worked out in PyTorch, of each way together. */
function parametrisedWeights(parametrised: FxNetwork['parametrised'], users: ReadonlyMap<string, unknown>): string[] {
  const together = new Map<string, string[]>()
  for (const [weight, by] of Object.entries(parametrised))
    if (users.has(weight)) together.set(by, [...(together.get(by) ?? []), weight])
  return [...together].map(
    ([by, weights]) => `${weights.join(', ')}: worked out by ${by} at every step in PyTorch, and learned here as it came out`,
  )
}

/** Weights that several calls have are told together where those are the same calls. */
function sharedWeights(users: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const together = new Map<string, string[]>()
  for (const [weight, calls] of users)
    if (calls.size > 1) {
      const key = [...calls].join(' ')
      together.set(key, [...(together.get(key) ?? []), weight])
    }
  return [...together].map(
    ([calls, weights]) =>
      `${weights.join(', ')}: one for ${calls.split(' ').length} layers in PyTorch, and each of those learns its own here`,
  )
}

/** PyTorch takes some arguments by NumPy's names too. */
const NUMPY_NAMES: ReadonlyMap<string, string> = new Map([
  ['dim', 'axis'],
  ['dim0', 'axis0'],
  ['dim1', 'axis1'],
])

/** Images that the recorder had go through. */
const BATCH = 2

/** One of several values. */
function ofList({ given, value }: AskedCall, lists: ReadonlyMap<string, (place: number) => Said>): Said | undefined {
  const list = lists.get(value(given('input', 0)) ?? '')
  const place = given('index', 1)
  return list && typeof place === 'number' ? list(place) : undefined
}

const isObject = (value: FxValue | undefined): value is Extract<FxValue, Readonly<Record<string, unknown>>> =>
  typeof value === 'object' && value !== null && !isList(value)

function told(given: Readonly<Record<string, Told>>): NodeAttributes {
  const of = (name: string): Told | undefined => given[name]
  const number = (name: string, absent: number): number => {
    const value = of(name)
    return typeof value === 'number' ? value : absent
  }
  return {
    has: (name) => of(name) !== undefined,
    ...{ int: number, float: number, floats: () => undefined, tensor: () => undefined },
    ints(name) {
      const value = of(name)
      return typeof value === 'object' ? value : undefined
    },
    text(name, absent) {
      const value = of(name)
      return typeof value === 'string' ? value : absent
    },
  }
}
