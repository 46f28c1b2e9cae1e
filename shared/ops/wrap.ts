import type { Graph, Tensor } from './graph'

/** Images that go on at one edge where they end at the other: so many pixels more before and behind, on both axes. */
export function wrap(g: Graph, x: Tensor, before: number, behind: number): Tensor {
  if (before + behind === 0) return x
  return [1, 2].reduce((y, axis) => {
    const side = y.shape[axis]!
    const ends = [
      ...(before > 0 ? [g.sliceAlong(y, axis, side - before, before)] : []),
      y,
      ...(behind > 0 ? [g.sliceAlong(y, axis, 0, behind)] : []),
    ]
    return g.joinAlong(ends, axis)
  }, x)
}

/** Its transpose: what arrives at the pixels outside is added to those that they repeat. No more of them than the image has. */
export function unwrap(g: Graph, dy: Tensor, before: number, behind: number): Tensor {
  if (before + behind === 0) return dy
  return [2, 1].reduce((y, axis) => {
    const side = y.shape[axis]! - before - behind
    const middle = side - before - behind
    const piece = (first: number, count: number): Tensor => g.sliceAlong(y, axis, first, count)
    return g.joinAlong(
      [
        ...(behind > 0 ? [g.add(piece(before, behind), piece(before + side, behind))] : []),
        ...(middle > 0 ? [piece(before + behind, middle)] : []),
        ...(before > 0 ? [g.add(piece(side, before), piece(0, before))] : []),
      ],
      axis,
    )
  }, dy)
}
