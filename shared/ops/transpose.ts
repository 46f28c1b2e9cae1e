import type { Graph, Tensor } from './graph'

/** A word that was said of something that is not known yet, and what it gave. */
export interface TapedWord {
  readonly word: keyof Graph
  readonly args: readonly unknown[]
  readonly result: Tensor
}

/** What arrives at an argument of a word. */
type Arrival = readonly [argument: Tensor, what: Tensor]
type Typed<W extends keyof Graph> = (
  g: Graph,
  t: Tensor,
  isLinear: (x: Tensor) => boolean,
  args: Parameters<Graph[W]>,
) => Arrival[]
type Rule = (g: Graph, t: Tensor, isLinear: (x: Tensor) => boolean, args: readonly unknown[]) => readonly Arrival[]

/**
 * The transposes of the words in which gradients are said, each linear in one argument (sums in all of theirs): what arrives at its result
 * as t goes to its argument so that ⟨word(x), t⟩ = ⟨x, transpose(t)⟩.
 */
const rules: { readonly [W in keyof Graph]?: Typed<W> } = {
  add: (g, t, _, [a, b]) => [[a, fitted(g, t, a)], [b, fitted(g, t, b)]], // prettier-ignore
  subtract: (g, t, _, [a, b]) => [[a, fitted(g, t, a)], [b, fitted(g, g.scale(t, -1), b)]], // prettier-ignore
  sum: (_, t, __, [terms]) => terms.map((term) => [term, t]),
  multiply: (g, t, isLinear, [a, b]) => product(isLinear, a, b, (x, fixed) => fitted(g, g.multiply(t, fixed), x)),
  multiplyNoNan: (g, t, isLinear, [a, b]) => product(isLinear, a, b, (x, fixed) => fitted(g, g.multiplyNoNan(fixed, t), x)),
  divideNoNan: (g, t, _, [a, b]) => [[a, fitted(g, g.divideNoNan(t, b), a)]],
  scale: (g, t, _, [a, factor]) => [[a, g.scale(t, factor)]],
  meanOver: (g, t, _, [x, axes]) => [[x, g.stretch(g.scale(t, 1 / axes.reduce((n, axis) => n * x.shape[axis]!, 1)), x.shape)]],
  sumOver: (g, t, _, [x, axes]) => [[x, g.stretch(g.reshape(t, x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side))), x.shape)]], // prettier-ignore
  reshape: (g, t, _, [x]) => [[x, g.reshape(t, x.shape)]],
  matmul(g, t, _, [a, b, { a: isTurned = false, b: isTurnedB = false } = {}]) {
    if (isTurned) throw new Error('a product whose first matrix is turned has no transpose here')
    return [[a, g.matmul(t, b, { b: !isTurnedB })]]
  },
  matmulEach(g, t, isLinear, [a, b, { a: isTurned = false, b: isTurnedB = false } = {}]) {
    if (isLinear(a) && isLinear(b)) throw new Error('a product of two unknowns is not linear')
    if (isLinear(a))
      return [[a, isTurned ? g.matmulEach(b, t, { a: isTurnedB, b: true }) : g.matmulEach(t, b, { b: !isTurnedB })]]
    return [[b, isTurnedB ? g.matmulEach(t, a, { a: true, b: isTurned }) : g.matmulEach(a, t, { a: !isTurned })]]
  },
  transpose: (g, t, _, [x, order]) => [[x, g.transpose(t, order.map((_, axis) => order.indexOf(axis)))]], // prettier-ignore

  reluGradient: (g, t, _, [dy, y]) => [[dy, g.reluGradient(t, y)]],
  leakyReluGradient: (g, t, _, [dy, x, slope]) => [[dy, g.leakyReluGradient(t, x, slope)]],
  eluGradient: (g, t, _, [dy, y]) => [[dy, g.eluGradient(t, y)]],

  conv2d: (g, t, _, [x, kernel, ...window]) => [[x, g.conv2dInputGradient(x.shape, kernel, t, ...window)]],
  conv2dInputGradient: (g, t, _, [, kernel, dy, ...window]) => [[dy, g.conv2d(t, kernel, ...window)]],
  depthwiseConv2dInputGradient: (g, t, _, [, kernel, dy, ...window]) => [[dy, g.depthwiseConv2d(t, kernel, ...window)]],
  cropSpace: (g, t, _, [x, pixels]) => [[x, g.padSpace(t, pixels)]],

  // Channel by channel a multiple of a projection, so it is its own transpose.
  batchNormGradient: (g, t, _, [dy, ...given]) => [[dy, g.batchNormGradient(t, ...given).x]],
  normalise: (g, t, _, [x, ...given]) => [[x, g.normalise(t, ...given)]],

  averagePoolGradient: (g, t, _, [, dy, window]) => [[dy, g.averagePool(t, window)]],
  maxPoolGradient: (g, t, _, [x, y, dy, window]) => [[dy, g.maxPoolChosen(x, y, t, window)]],
  spreadOverSpace: (g, t, _, [x]) => [[x, g.sumOverSpace(t)]],

  concatenateChannels: (g, t, _, [parts]) => {
    let first = 0
    return parts.map((part) => {
      const channels = part.shape[3]!
      first += channels
      return [part, g.sliceChannels(t, first - channels, channels)]
    })
  },
  joinAlong: (g, t, _, [parts, axis]) => {
    let first = 0
    return parts.map((part) => {
      const count = part.shape[axis]!
      first += count
      return [part, g.sliceAlong(t, axis, first - count, count)]
    })
  },
  padAlong: (g, t, _, [x, axis, before]) => [[x, g.sliceAlong(t, axis, before, x.shape[axis]!)]],
  sliceAlong: (g, t, _, [x, axis, first, count]) => [[x, g.padAlong(t, axis, first, x.shape[axis]! - first - count)]],
  padChannels: (g, t, _, [x, before]) => [[x, g.sliceChannels(t, before, x.shape[3]!)]],
  sliceChannels: (g, t, _, [x, first, count]) => [[x, g.padChannels(t, first, x.shape[3]! - first - count)]],
  subsampleGradient: (g, t, _, [, dy, stride]) => [[dy, g.subsample(t, stride)]],
}

// Each rule types the arguments of its own word; whoever looks one up by a word that was taken down has them as they were.
export const transposeRules = rules as unknown as { readonly [W in keyof Graph]?: Rule }

/** Of a product the one argument that is linear. */
function product(
  isLinear: (x: Tensor) => boolean,
  a: Tensor,
  b: Tensor,
  arrival: (linear: Tensor, fixed: Tensor) => Tensor,
): Arrival[] {
  if (isLinear(a) && isLinear(b)) throw new Error('a product of two unknowns is not linear')
  return isLinear(a) ? [[a, arrival(a, b)]] : [[b, arrival(b, a)]]
}

/** Summed over the axes along which `like` was stretched. */
function fitted(g: Graph, t: Tensor, like: Tensor): Tensor {
  const lead = t.shape.length - like.shape.length
  const axes = t.shape.flatMap((side, axis) => (axis < lead || (like.shape[axis - lead] === 1 && side !== 1) ? [axis] : []))
  return axes.length === 0 ? t : g.reshape(g.sumOver(t, axes), like.shape)
}
