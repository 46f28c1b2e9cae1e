import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { defineOp, elements, image, type Shape } from './op'

/**
 * Scaled dot-product attention in heads (Vaswani et al. 2017, arXiv 1706.03762, equation 1): each place of an image is a token, and takes of all places' values a mean
 * whose weights are softmax(q·k/√d), d the channels of a head. Queries, keys and values come in, so that the kernels that make them are layers of their own.
 */
export const attention = defineOp({
  kind: 'attention',
  title: 'Attention',
  category: 'Attention and positions',
  description: 'Of queries, keys and values: each place takes a weighted mean of all places’ values.',
  example: { heads: 4 },
  attributes: z.strictObject({
    heads: z.number().int().min(1).max(65_536).describe('parts of the channels that attend apart').meta({ grows: 'twofold' }),
  }),
  arity: [3, 3],
  window: () => 'all',
  shape([q, k, v], { heads }) {
    const [queries, keys, values] = [image(q), image(k), image(v)]
    if (q!.join() !== k!.join()) throw new MisfitError('queries-unlike-keys', { queries: q!, keys: k! })
    if (keys.height !== values.height || keys.width !== values.width)
      throw new MisfitError('values-elsewhere', { keys: k!, values: v! })
    for (const { channels } of [queries, values])
      if (channels % heads) throw new MisfitError('heads-do-not-divide', { heads, channels })
    return v!
  },
  flops([q, k, v], { heads }) {
    const [places, channels] = [placesIn(q!), image(k).channels + image(v).channels]
    return places * places * (2 * channels + 6 * heads)
  },
  // Kept are weights and the three cut into heads; on the way back there are three tensors of the weights' size (measured: 3.0 and 3.1, by build/bench/memory.ts), the cut gradient, and three that leave.
  held([q, k, v], { heads }) {
    const [weights, cuts] = [heads * placesIn(q!) ** 2, elements(q!) + elements(k!) + elements(v!)]
    return { kept: weights + cuts, passing: 3 * weights + cuts + elements(v!) }
  },
  forward(g, { inputs: [q, k, v], attributes: { heads } }) {
    const [queries, keys, values] = [q!, k!, v!].map((x) => cut(g, x, heads)) as [Tensor, Tensor, Tensor]
    const weights = g.softmax(g.scale(g.matmulEach(queries, keys, { b: true }), scaleOf(queries)))
    return { output: joined(g, g.matmulEach(weights, values), v!.shape), saved: [queries, keys, values, weights] }
  },
  // With y = P·V, P the softmax of S, a row at a time: dS = P∘(dP − Σ dP∘P).
  gradient(g, { inputs: [q, k, v], attributes: { heads }, saved: [queries, keys, values, weights], dy, wanted }) {
    const d = cut(g, dy, heads)
    const arriving = g.matmulEach(d, values!, { b: true })
    const places = weights!.shape[3]!
    const common = g.scale(g.meanOver(g.multiply(arriving, weights!), [3]), places)
    const scores = g.scale(g.multiply(weights!, g.subtract(arriving, common)), scaleOf(queries!))
    return {
      inputs: [
        wanted[0] ? joined(g, g.matmulEach(scores, keys!), q!.shape) : null,
        wanted[1] ? joined(g, g.matmulEach(scores, queries!, { a: true }), k!.shape) : null,
        wanted[2] ? joined(g, g.matmulEach(weights!, d, { a: true }), v!.shape) : null,
      ],
    }
  },
})

const placesIn = (shape: Shape): number => shape[0]! * shape[1]!

/** 1/√d of [batch, heads, places, d]. */
const scaleOf = ({ shape }: Tensor): number => 1 / Math.sqrt(shape[3]!)

/** [batch, height, width, channels] → [batch, heads, places, channels of a head]. */
function cut(g: Graph, x: Tensor, heads: number): Tensor {
  const [n, height, width, channels] = x.shape as [number, number, number, number]
  return g.transpose(g.reshape(x, [n, height * width, heads, channels / heads]), [0, 2, 1, 3])
}

/** The way back. */
const joined = (g: Graph, x: Tensor, shape: readonly number[]): Tensor => g.reshape(g.transpose(x, [0, 2, 1, 3]), shape)
