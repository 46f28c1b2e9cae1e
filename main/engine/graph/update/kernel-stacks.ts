import { elements } from '../../../../shared/ops/op'
import type { Tensor } from '../../../../shared/ops/graph'
import type { KernelOperator } from '../kernel-operator'
import type { TensorGraph } from '../tensor-graph'

/** Kernels whose matrices, taps and input channels down and output channels across, have the same sides. They are worked out together. */
export interface KernelStack {
  /** Indices into the kernels. */
  readonly members: readonly number[]
  readonly rows: number
  readonly columns: number
  /** Matrices of each kernel. */
  readonly groups: number
}

export function stacksOf(kernels: readonly KernelOperator[]): KernelStack[] {
  const found = new Map<string, KernelStack & { readonly members: number[] }>()
  kernels.forEach((kernel, i) => {
    const [rows, columns] = sidesOf(kernel)
    const { groups } = kernel
    const key = [rows, columns, groups].join()
    const known = found.get(key)
    if (known) known.members.push(i)
    else found.set(key, { members: [i], rows, columns, groups })
  })
  return [...found.values()]
}

/** Of the matrices of a kernel's groups. */
export function sidesOf({ shape, groups }: KernelOperator): [rows: number, columns: number] {
  const out = shape[shape.length - 1]!
  return [elements(shape.slice(0, -1)), out / groups]
}

/** Kernels that lie behind one another in a vector, stack by stack: [matrices, rows, columns] each. */
export function stacked(g: TensorGraph, x: Tensor, kernels: readonly KernelOperator[], stacks: readonly KernelStack[]): Tensor[] {
  const parts = g.split(x, kernels.map(lengthOf))
  return stacks.map(({ members, rows, columns, groups }) => {
    const shape = [members.length * groups, rows, columns]
    // From [rows, groups, columns] of each kernel.
    const matrices = members.map((i) =>
      groups === 1
        ? g.reshape(parts[i]!, [1, rows, columns])
        : g.transpose(g.reshape(parts[i]!, [rows, groups, columns]), [1, 0, 2]),
    )
    return g.concatenate(matrices, 0, shape)
  })
}

/** The vector of kernels that these stacks are of. */
export function unstacked(
  g: TensorGraph,
  made: readonly Tensor[],
  kernels: readonly KernelOperator[],
  stacks: readonly KernelStack[],
): Tensor {
  const found = new Array<Tensor>(kernels.length)
  stacks.forEach(({ members, rows, columns, groups }, at) => {
    const length = rows * columns * groups
    const pieces = g.split(g.reshape(made[at]!, [members.length * length]), members.map(() => length)) // prettier-ignore
    pieces.forEach((piece, k) => {
      const asKernel = (): Tensor => g.transpose(g.reshape(piece, [groups, rows, columns]), [1, 0, 2])
      found[members[k]!] = groups === 1 ? piece : g.reshape(asKernel(), [length])
    })
  })
  return g.concatenate(found, 0, [kernels.reduce((sum, kernel) => sum + lengthOf(kernel), 0)])
}

export const lengthOf = ({ shape }: KernelOperator): number => elements(shape)
