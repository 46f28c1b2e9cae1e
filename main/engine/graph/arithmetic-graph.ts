import type { Dtype, Tensor } from '../../../shared/ops/graph'
import { NodeGraph, T, T_FLOAT, T_INT32 } from './node-graph'

/** Arithmetic on tensors of any shape. */
export class ArithmeticGraph extends NodeGraph {
  /** Nodes that add two tensors of one shape. */
  readonly sums = new Set<string>()
  /** Parts of the batch that are computed beside each other; see `ReplicaGraph`, which has more than one. */
  readonly replicas: number = 1

  /** Makes nodes for every part of the batch. */
  onEach<R>(make: () => R): R {
    return make()
  }

  /** To each part its rows of a tensor of the whole batch. */
  scatter(x: Tensor): Tensor {
    return x
  }

  /** The same tensor to every part. */
  broadcast(x: Tensor): Tensor {
    return x
  }

  /** Sum over the parts. */
  total(x: Tensor): Tensor {
    return x
  }

  /** Mean over the parts. */
  average(x: Tensor): Tensor {
    return x
  }

  /** The parts' rows behind one another: those of the whole batch. */
  gather(x: Tensor): Tensor {
    return x
  }

  private binary(op: string, a: Tensor, b: Tensor): Tensor {
    return this.tensor(op, [a, b], broadcast(a.shape, b.shape), { T: T(a.dtype) }, a.dtype)
  }

  protected unary(op: string, x: Tensor): Tensor {
    return this.tensor(op, [x], x.shape, { T: T(x.dtype) }, x.dtype)
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.binary('AddV2', a, b)
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    return this.binary('Sub', a, b)
  }

  sum(terms: readonly Tensor[]): Tensor {
    if (terms.length === 1) return terms[0]!
    if (terms.length === 2) {
      const made = this.add(terms[0]!, terms[1]!)
      this.sums.add(made.id)
      return made
    }
    return this.tensor('AddN', terms, terms[0]!.shape, { T: T(terms[0]!.dtype), N: { i: terms.length } }, terms[0]!.dtype)
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.binary('Mul', a, b)
  }

  multiplyNoNan(a: Tensor, b: Tensor): Tensor {
    return this.binary('MulNoNan', a, b)
  }

  divide(a: Tensor, b: Tensor): Tensor {
    return this.binary('RealDiv', a, b)
  }

  divideNoNan(a: Tensor, b: Tensor): Tensor {
    return this.binary('DivNoNan', a, b)
  }

  scale(a: Tensor, factor: number): Tensor {
    return factor === 1 ? a : this.multiply(a, this.constant(factor, [], a.dtype))
  }

  square(a: Tensor): Tensor {
    return this.unary('Square', a)
  }

  squareRoot(a: Tensor): Tensor {
    return this.unary('Sqrt', a)
  }

  inverseRoot(a: Tensor): Tensor {
    return this.unary('Rsqrt', a)
  }

  exp(a: Tensor): Tensor {
    return this.unary('Exp', a)
  }

  erf(a: Tensor): Tensor {
    return this.unary('Erf', a)
  }

  meanOver(x: Tensor, axes: readonly number[]): Tensor {
    const shape = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side))
    const attributes = { T: T(x.dtype), Tidx: T_INT32, keep_dims: { b: true } }
    return this.tensor('Mean', [x, this.integers(axes)], shape, attributes, x.dtype)
  }

  atMost(x: Tensor, most: number): Tensor {
    return this.binary('Minimum', x, this.constant(most))
  }

  atLeast(x: Tensor, bound: number): Tensor {
    return this.cast(this.tensor('GreaterEqual', [x, this.constant(bound)], x.shape, { T: T_FLOAT }, 'bool'), 'float')
  }

  uniform(x: Tensor, key: Tensor, stream: number): Tensor {
    // The shape is asked of x, not written down: so the numbers are drawn when x is there, not at the step's beginning.
    const shape = this.tensor('Shape', [x], [x.shape.length], { T: T(x.dtype), out_type: T_INT32 }, 'int32')
    const seed = this.add(key, this.constant([0, stream], [2], 'int32'))
    return this.tensor('StatelessRandomUniform', [shape, seed], x.shape, { dtype: T_FLOAT, T: T_INT32, Tseed: T_INT32 })
  }

  /** Sum over some axes, which go. */
  sumOver(x: Tensor, axes: readonly number[]): Tensor {
    return this.reduction('Sum', x, axes)
  }

  stretch(x: Tensor, shape: readonly number[]): Tensor {
    return this.tensor('BroadcastTo', [x, this.integers(shape)], shape, { T: T(x.dtype), Tidx: T_INT32 }, x.dtype)
  }

  private reduction(op: string, x: Tensor, axes: readonly number[]): Tensor {
    const shape = x.shape.filter((_, axis) => !axes.includes(axis))
    return this.tensor(op, [x, this.integers(axes)], shape, { T: T(x.dtype), Tidx: T_INT32, keep_dims: { b: false } }, x.dtype)
  }

  mean(x: Tensor): Tensor {
    return this.reduction(
      'Mean',
      x,
      x.shape.map((_, axis) => axis),
    )
  }

  matmul(a: Tensor, b: Tensor, transpose: { a?: boolean; b?: boolean } = {}): Tensor {
    const shape = [a.shape[transpose.a ? 1 : 0]!, b.shape[transpose.b ? 0 : 1]!]
    const attributes = { T: T(a.dtype), transpose_a: { b: transpose.a ?? false }, transpose_b: { b: transpose.b ?? false } }
    return this.tensor('MatMul', [a, b], shape, attributes, a.dtype)
  }

  matmulEach(a: Tensor, b: Tensor, transpose: { a?: boolean; b?: boolean } = {}): Tensor {
    const last = a.shape.length - 1
    const [rows, columns] = [a.shape[transpose.a ? last : last - 1]!, b.shape[transpose.b ? last - 1 : last]!]
    const attributes = { T: T(a.dtype), adj_x: { b: transpose.a ?? false }, adj_y: { b: transpose.b ?? false } }
    return this.tensor('BatchMatMulV2', [a, b], [...a.shape.slice(0, -2), rows, columns], attributes, a.dtype)
  }

  inverse(x: Tensor): Tensor {
    return this.tensor('MatrixInverse', [x], x.shape, { T: T(x.dtype), adjoint: { b: false } }, x.dtype)
  }

  cast(x: Tensor, dtype: Dtype): Tensor {
    return x.dtype === dtype
      ? x
      : this.tensor('Cast', [x], x.shape, { SrcT: T(x.dtype), DstT: T(dtype), Truncate: { b: false } }, dtype)
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    if (shape.length === x.shape.length && shape.every((side, i) => side === x.shape[i])) return x
    return this.tensor('Reshape', [x, this.integers(shape)], shape, { T: T(x.dtype), Tshape: T_INT32 }, x.dtype)
  }

  /** With its axes in another order. @param order For each axis of the result, which of x's it is. */
  transpose(x: Tensor, order: readonly number[]): Tensor {
    const shape = order.map((axis) => x.shape[axis]!)
    return this.tensor('Transpose', [x, this.integers(order)], shape, { T: T(x.dtype), Tperm: T_INT32 }, x.dtype)
  }

  /** Joins tensors along an axis. */
  concatenate(parts: readonly Tensor[], axis: number, shape: readonly number[]): Tensor {
    if (parts.length === 1) return parts[0]!
    const attributes = { T: T(parts[0]!.dtype), N: { i: parts.length }, Tidx: T_INT32 }
    return this.tensor('ConcatV2', [...parts, this.constant(axis, [], 'int32')], shape, attributes, parts[0]!.dtype)
  }

  reverse(x: Tensor, axes: readonly number[]): Tensor {
    return this.tensor('ReverseV2', [x, this.integers(axes)], x.shape, { T: T(x.dtype), Tidx: T_INT32 }, x.dtype)
  }

  joinAlong(parts: readonly Tensor[], axis: number): Tensor {
    const sides = parts.map(({ shape }) => shape[axis]!).reduce((sum, side) => sum + side, 0)
    return this.concatenate(parts, axis, replaced(parts[0]!.shape, axis, sides))
  }

  sliceAlong(x: Tensor, axis: number, first: number, count: number): Tensor {
    const from = x.shape.map((_, i) => (i === axis ? first : 0))
    // −1 says “to the end”, which is all there is on the other axes, whatever the batch.
    const size = x.shape.map((_, i) => (i === axis ? count : -1))
    const attributes = { T: T(x.dtype), Index: T_INT32 }
    return this.tensor(
      'Slice',
      [x, this.integers(from), this.integers(size)],
      replaced(x.shape, axis, count),
      attributes,
      x.dtype,
    )
  }

  padAlong(x: Tensor, axis: number, before: number, behind: number): Tensor {
    if (before + behind === 0) return x
    const rank = x.shape.length
    const paddings = x.shape.flatMap((_, i) => (i === axis ? [before, behind] : [0, 0]))
    const attributes = { T: T(x.dtype), Tpaddings: T_INT32 }
    const shape = replaced(x.shape, axis, x.shape[axis]! + before + behind)
    return this.tensor('Pad', [x, this.constant(paddings, [rank, 2], 'int32')], shape, attributes, x.dtype)
  }

  /** Scalars as one vector. */
  pack(scalars: readonly Tensor[]): Tensor {
    return this.tensor(
      'Pack',
      scalars,
      [scalars.length],
      { T: T(scalars[0]!.dtype), N: { i: scalars.length }, axis: { i: 0 } },
      scalars[0]!.dtype,
    )
  }

  /** A vector cut into consecutive pieces of these lengths. */
  split(x: Tensor, lengths: readonly number[]): Tensor[] {
    if (lengths.length === 1) return [x]
    const attributes = { T: T(x.dtype), Tlen: T_INT32, num_split: { i: lengths.length } }
    const id = this.node('SplitV', [x.id, this.integers(lengths).id, this.constant(0, [], 'int32').id], attributes)
    return lengths.map((length, i) => ({ id: i === 0 ? id : `${id}:${i}`, shape: [length], dtype: x.dtype }))
  }

  /**
   * Half the sum of squares, a scalar in double precision: squares of float32 leave its range where norms are below 1e-19 or above
   * 1e19, and those are what a deep network without skips is measured for. On the CPU it is one pass; see `fuse`.
   */
  halfSquaredNorm(x: Tensor): Tensor {
    return this.tensor('L2Loss', [this.cast(x, 'double')], [], { T: T('double') }, 'double')
  }

  /** The same in single precision and one pass on any device, good for norms from 1e-12 to 1e19. */
  narrowHalfSquaredNorm(x: Tensor): Tensor {
    return this.tensor('L2Loss', [x], [], { T: T_FLOAT })
  }

  /** Halves of squared norms as norms in single precision, which holds 1e-38 to 1e38. */
  normsOfHalves(halves: Tensor): Tensor {
    return this.cast(this.squareRoot(this.scale(halves, 2)), 'float')
  }
}

const replaced = (shape: readonly number[], axis: number, side: number): number[] =>
  shape.map((own, i) => (i === axis ? side : own))

/** Shape of an elementwise result; sides of 1 stretch, and missing leading ones count as 1. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const lead = long.length - short.length
  return long.map((side, i) => (i < lead || short[i - lead] === 1 ? side : side === 1 ? short[i - lead]! : side))
}
