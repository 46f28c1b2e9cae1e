import type { Tensor } from '../../../shared/ops/graph'
import { T_FLOAT } from './node-graph'
import type { TensorGraph } from './tensor-graph'

/** Values that are computed once and looked at by many session calls: each is put into a variable, and read from there. */
export class HeldValues {
  private readonly known = new Map<string, Tensor>()
  private readonly assigned: string[] = []

  constructor(
    private readonly g: TensorGraph,
    private readonly name: string,
  ) {}

  /** A value to be fed when values are held. It is copied: what is fed may be the caller's own memory, gone after the call. */
  given(name: string, shape: readonly number[]): Tensor {
    const fed = this.g.placeholder(name, shape)
    return this.g.tensor('DeepCopy', [fed], shape, { T: T_FLOAT })
  }

  /** The value as it was when it was held last. */
  hold(value: Tensor): Tensor {
    const known = this.known.get(value.id)
    if (known) return known
    const variable = this.g.variable(`${this.name}/${this.known.size}`, value.shape, value.dtype)
    this.assigned.push(this.g.assign(variable, value))
    const held = this.g.read(variable)
    this.known.set(value.id, held)
    return held
  }

  /** Makes the node, of this name, that computes and holds all of them. */
  finish(): string {
    return this.g.after(this.g.constant(1), this.assigned, this.name).id
  }
}
