import { UserError } from '../../../shared/errors'
import type { Dtype, Tensor } from '../../../shared/ops/graph'
import { type Attribute, DATA_TYPE, type GraphNode } from './node'

/** A type as an attribute. */
export const T = (dtype: Dtype): Attribute => ({ type: DATA_TYPE[dtype] })
export const T_FLOAT = T('float')
export const T_INT32 = T('int32')
/** Images lie as batch, height, width, channels. */
export const NHWC: Attribute = { s: 'NHWC' }

/** A variable of the session. */
export interface Variable {
  readonly handle: string
  readonly shape: readonly number[]
  readonly dtype: Dtype
}

/** TensorFlow takes some kilobytes for each; a network of a thousand blocks has a hundred thousand. */
const MOST_NODES = 1_000_000

/** Numbers of a constant that is one node wherever it is asked for. */
const MOST_SHARED = 64

/** Collects the nodes of one TensorFlow graph: constants, variables, placeholders. Nodes are named after the scope (layer) in which they are made. */
export class NodeGraph {
  readonly nodes: GraphNode[] = []
  private readonly constants = new Map<string, Tensor>()
  /** Constants of different places are different ones. */
  protected constantsPlace = ''
  private readonly placeholders = new Map<string, Tensor>()
  private readonly used = new Map<string, number>()
  private scope = ''

  /** Names the nodes made meanwhile after a layer, so that TensorFlow's own messages say where. */
  within<R>(scope: string, make: () => R): R {
    const outer = this.scope
    this.scope = `${scope}/`
    try {
      return make()
    } finally {
      this.scope = outer
    }
  }

  /** Adds a node; returns its name. */
  node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}, name?: string): string {
    if (this.nodes.length >= MOST_NODES) throw tooMany(this.scope)
    const unique = this.nameFor(op, name)
    this.nodes.push({ name: unique, op, inputs: [...inputs], attributes })
    return unique
  }

  /** A name that no node has yet. */
  protected nameFor(op: string, name?: string): string {
    const wanted = name ?? this.scope + op
    const count = this.used.get(wanted) ?? 0
    this.used.set(wanted, count + 1)
    return count === 0 ? wanted : `${wanted}_${count}`
  }

  /** Adds a node with one tensor as its value. */
  tensor(
    op: string,
    inputs: readonly Tensor[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    dtype: Dtype = 'float',
    name?: string,
  ): Tensor {
    const id = this.node(
      op,
      inputs.map((input) => input.id),
      attributes,
      name,
    )
    return { id, shape, dtype }
  }

  /** The same one for the same name. */
  placeholder(name: string, shape: readonly number[], dtype: Dtype = 'float'): Tensor {
    const known = this.placeholders.get(name)
    if (known) return known
    const made = this.tensor('Placeholder', [], shape, { dtype: T(dtype), shape: { shape } }, dtype, name)
    this.placeholders.set(name, made)
    return made
  }

  constant(value: number | readonly number[], shape?: readonly number[], dtype: Dtype = 'float'): Tensor {
    const values = typeof value === 'number' ? [value] : value
    const dims = shape ?? (typeof value === 'number' ? [] : [values.length])
    // Words of millions of numbers would be longer than these.
    const key = values.length <= MOST_SHARED ? `${this.constantsPlace}${dtype}|${dims.join()}|${values.join()}` : undefined
    const known = key === undefined ? undefined : this.constants.get(key)
    if (known) return known
    const content =
      dtype === 'int32' ? Int32Array.from(values) : dtype === 'double' ? Float64Array.from(values) : Float32Array.from(values)
    const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    const outer = this.scope
    this.scope = 'constant/'
    const made = this.tensor(
      'Const',
      [],
      dims,
      { dtype: T(dtype), value: { tensor: { dtype: DATA_TYPE[dtype], shape: dims, content: bytes } } },
      dtype,
    )
    this.scope = outer
    if (key !== undefined) this.constants.set(key, made)
    return made
  }

  /** Whole numbers for shapes and axes. */
  integers(values: readonly number[]): Tensor {
    return this.constant(values, [values.length], 'int32')
  }

  variable(name: string, shape: readonly number[], dtype: Dtype = 'float'): Variable {
    const handle = this.node('VarHandleOp', [], { dtype: T(dtype), shape: { shape }, shared_name: { s: name } }, name)
    return { handle, shape, dtype }
  }

  read(variable: Variable): Tensor {
    return this.readAfter(variable, [])
  }

  /** Its value once the named nodes have run. */
  readAfter(variable: Variable, nodes: readonly string[]): Tensor {
    const inputs = [variable.handle, ...nodes.map((node) => `^${node}`)]
    const { shape, dtype } = variable
    return { id: this.node('ReadVariableOp', inputs, { dtype: T(dtype) }), shape, dtype }
  }

  /** @returns the node's name, to be waited for. */
  assign(variable: Variable, value: Tensor): string {
    return this.node('AssignVariableOp', [variable.handle, value.id], { dtype: T(variable.dtype) })
  }

  /** `value` once the named nodes have run. */
  after(value: Tensor, nodes: readonly string[], name?: string): Tensor {
    return { ...value, id: this.node('Identity', [value.id, ...nodes.map((node) => `^${node}`)], { T: T(value.dtype) }, name) }
  }

  /** A tensor under a name of its own, to be fetched. */
  named(name: string, value: Tensor): Tensor {
    return this.after(value, [], name)
  }
}

const tooMany = (scope: string): UserError =>
  new UserError(`the network comes to more than ${MOST_NODES} operations of TensorFlow`, {
    ...(scope !== '' && { place: `layer “${scope.slice(0, -1)}”` }),
    remedy: 'lower repeat counts, or the groups of its convolutions',
  })
