import type { Tensor } from '../../../../shared/ops/graph'
import type { KernelOperator } from '../kernel-operator'
import { T, T_FLOAT, T_INT32 } from '../node-graph'
import type { TensorGraph } from '../tensor-graph'
import { type KernelStack, stacked, stacksOf, unstacked } from './kernel-stacks'

/** The matrices of one side of a stack: [count, side, side]. */
export interface StackSide {
  /** Index of the stack. */
  readonly stack: number
  readonly which: 'rows' | 'columns'
  readonly side: number
  readonly count: number
}

/** The sides of kernels that have matrices, in the order in which these lie behind one another. @param longest The longest side that has them. */
export function sidesOfStacks(stacks: readonly KernelStack[], longest: number): StackSide[] {
  return stacks.flatMap((stack, at) =>
    (['rows', 'columns'] as const)
      .filter((which) => stack[which] <= longest)
      .map((which) => ({ stack: at, which, side: stack[which], count: stack.members.length * stack.groups })),
  )
}

const lengthOf = ({ side, count }: StackSide): number => count * side * side

/** What is done with the matrices that an optimiser keeps for the sides of its kernels. */
export class KernelSides {
  private readonly stacks: readonly KernelStack[]
  private readonly sides: readonly StackSide[]

  constructor(
    private readonly g: TensorGraph,
    private readonly kernels: readonly KernelOperator[],
    longest: number,
  ) {
    this.stacks = stacksOf(kernels)
    this.sides = sidesOfStacks(this.stacks, longest)
  }

  gramians(x: Tensor): Tensor {
    const { g } = this
    const stacks = stacked(g, x, this.kernels, this.stacks)
    return this.joined(this.sides.map(({ stack, which }) => g.matmulEach(stacks[stack]!, stacks[stack]!, which === 'rows' ? { b: true } : { a: true }))) // prettier-ignore
  }

  inBases(x: Tensor, bases: Tensor, back?: 'back'): Tensor {
    const { g } = this
    const stacks = stacked(g, x, this.kernels, this.stacks)
    this.cut(bases).forEach((basis, i) => {
      const { stack, which } = this.sides[i]!
      const turned = stacks[stack]!
      stacks[stack] =
        which === 'rows' ? g.matmulEach(basis, turned, { a: !back }) : g.matmulEach(turned, basis, { b: back !== undefined })
    })
    return unstacked(g, stacks, this.kernels, this.stacks)
  }

  eigenbases(gramians: Tensor): Tensor {
    const { g } = this
    return this.joined(
      this.cut(gramians).map((matrices) => {
        const found = g.node('SelfAdjointEigV2', [matrices.id], { T: T_FLOAT, compute_v: { b: true } })
        // By rising eigenvalue.
        return g.reverse({ ...matrices, id: `${found}:1` }, [2])
      }),
    )
  }

  powerStep(gramians: Tensor, bases: Tensor, along: Tensor): { bases: Tensor; along: Tensor } {
    const { g } = this
    const olds = this.cut(bases)
    const stacks = stacked(g, along, this.kernels, this.stacks)
    const made = this.cut(gramians).map((matrices, i) => {
      const { stack, which, side } = this.sides[i]!
      const powers = g.matmulEach(matrices, olds[i]!)
      const order = falling(g, g.sumOver(g.multiply(olds[i]!, powers), [1]), side)
      stacks[stack] = inOrder(g, stacks[stack]!, order, which === 'rows' ? 1 : 2)
      const attributes = { T: T_FLOAT, full_matrices: { b: false } }
      return g.tensor('Qr', [inOrder(g, powers, order, 2)], matrices.shape, attributes)
    })
    return { bases: this.joined(made), along: unstacked(g, stacks, this.kernels, this.stacks) }
  }

  private cut(matrices: Tensor): Tensor[] {
    return this.g.split(matrices, this.sides.map(lengthOf)).map((part, i) => {
      const { side, count } = this.sides[i]!
      return this.g.reshape(part, [count, side, side])
    })
  }

  private joined(matrices: readonly Tensor[]): Tensor {
    const flat = matrices.map((part, i) => this.g.reshape(part, [lengthOf(this.sides[i]!)]))
    return this.g.concatenate(flat, 0, [this.sides.reduce((sum, side) => sum + lengthOf(side), 0)])
  }
}

/** Indices of each row's values [n, count] by falling value: [n, count], int32. */
function falling(g: TensorGraph, values: Tensor, count: number): Tensor {
  const attributes = { T: T_FLOAT, Tk: T_INT32, index_type: T_INT32, sorted: { b: true } }
  const id = g.node('TopKV2', [values.id, g.constant(count, [], 'int32').id], attributes)
  return { id: `${id}:1`, shape: values.shape, dtype: 'int32' }
}

/** Each matrix [n, rows, columns] with its rows (axis 1) or columns (axis 2) in an order of its own [n, side]. */
function inOrder(g: TensorGraph, matrices: Tensor, order: Tensor, axis: 1 | 2): Tensor {
  const attributes = { Tparams: T(matrices.dtype), Tindices: T_INT32, Taxis: T_INT32, batch_dims: { i: 1 } }
  return g.tensor('GatherV2', [matrices, order, g.constant(axis, [], 'int32')], matrices.shape, attributes)
}

/** Other values where a fed number is above 0; see `UpdateGraph.where`. */
export function where(
  g: TensorGraph,
  isOn: Tensor,
  inputs: readonly Tensor[],
  make: (inputs: readonly Tensor[]) => readonly Tensor[],
  otherwise: readonly Tensor[],
): Tensor[] {
  const asked = g.tensor('Greater', [isOn, g.constant(0)], [], { T: T_FLOAT }, 'bool')
  const attributes = { T: T_FLOAT }
  // Switch passes a tensor on without a copy, and what hangs on the other side is not computed.
  const switched = (x: Tensor): string => g.node('Switch', [x.id, asked.id], attributes)
  const made = make(inputs.map((x) => ({ ...x, id: `${switched(x)}:1` })))
  return otherwise.map((x, i) => ({ ...x, id: g.node('Merge', [switched(x), made[i]!.id], { ...attributes, N: { i: 2 } }) }))
}
