import { eye } from './eye'
import type { Graph, Tensor } from './graph'

/** Matrices with orthonormal columns (rows, if wide), and what the way back takes of how they came to be. */
export interface Orthonormal {
  /** In the shape of what they are made of. */
  readonly matrices: Tensor
  /** In double precision. */
  readonly inverse: Tensor
}

/**
 * An orthonormal matrix of any one, smoothly, by the Cayley transform (Helfrich, Willmott and Ye 2018, arXiv 1707.09520; of tall matrices Trockman and
 * Kolter 2021, arXiv 2104.07167, section 4): W is a square U over V, A = U − Uᵀ + VᵀV, and (I − A)(I + A)⁻¹ over −2V(I + A)⁻¹ has
 * orthonormal columns. I + A always has an inverse, of norm 1 at most: the part of A that is not skew has no eigenvalue below 0. Computed in
 * double precision, as V times the inverse loses digits where V is large.
 *
 * @param given A stack [n, rows, columns]; wide ones are turned.
 */
export function orthonormal(g: Graph, given: Tensor): Orthonormal {
  const w = g.cast(tall(g, given), 'double')
  const [, rows, columns] = w.shape as [number, number, number]
  const identity = eye(g, columns, 'double')
  const [u, v] = parts(g, w)
  const skew = g.subtract(u, turned(g, u))
  const a = v ? g.add(skew, g.matmulEach(v, v, { a: true })) : skew
  const inverse = g.inverse(g.add(a, identity))
  // (I − A)(I + A)⁻¹ = 2(I + A)⁻¹ − I.
  const top = g.subtract(g.scale(inverse, 2), identity)
  const made = g.cast(v ? g.joinAlong([top, g.scale(g.matmulEach(v, inverse), -2)], 1) : top, 'float')
  return { matrices: given.shape[1] === rows ? made : turned(g, made), inverse }
}

/** dE/d(given) from dE/d(matrices). */
export function orthonormalGradient(
  g: Graph,
  given: Tensor,
  { inverse }: Pick<Orthonormal, 'inverse'>,
  arriving: Tensor,
): Tensor {
  const [[, v], [dTop, dBottom]] = [given, arriving].map((x) => parts(g, g.cast(tall(g, x), 'double'))) as [Parts, Parts]
  const direct = g.scale(dTop, 2)
  const dInverse = v ? g.subtract(direct, g.scale(g.matmulEach(v, dBottom!, { a: true }), 2)) : direct
  // d(M⁻¹) = −M⁻¹·dM·M⁻¹.
  const dA = g.scale(g.matmulEach(g.matmulEach(inverse, dInverse, { a: true }), inverse, { b: true }), -1)
  const turnedA = turned(g, dA)
  const dU = g.subtract(dA, turnedA)
  const own = v
    ? g.joinAlong(
        [dU, g.subtract(g.matmulEach(v, g.add(dA, turnedA)), g.scale(g.matmulEach(dBottom!, inverse, { b: true }), 2))],
        1,
      )
    : dU
  const found = g.cast(own, 'float')
  return isWide(given) ? turned(g, found) : found
}

const isWide = ({ shape }: Tensor): boolean => shape[1]! < shape[2]!
const turned = (g: Graph, x: Tensor): Tensor => g.transpose(x, [0, 2, 1])
const tall = (g: Graph, x: Tensor): Tensor => (isWide(x) ? turned(g, x) : x)

/** The square above, and what lies beneath it. */
type Parts = [square: Tensor, beneath: Tensor | undefined]

function parts(g: Graph, w: Tensor): Parts {
  const [, rows, columns] = w.shape as [number, number, number]
  if (rows === columns) return [w, undefined]
  return [g.sliceAlong(w, 1, 0, columns), g.sliceAlong(w, 1, columns, rows - columns)]
}
