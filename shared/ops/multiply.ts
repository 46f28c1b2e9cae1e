import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { defineOp, elements, type Shape } from './op'

/**
 * The product of two values: of one shape, or of an image and what weighs it, a number a channel (a vector, or an image of one pixel) or a place (an image of one
 * channel). The gate of squeeze and excitation (Hu et al. 2018, arXiv 1709.01507).
 */
export const multiply = defineOp({
  kind: 'multiply',
  title: 'Multiply',
  category: 'Joining',
  description: 'The product of two values: of one shape, or an image and a number for each of its channels or places, as a gate.',
  attributes: z.strictObject({}),
  arity: [2, 2],
  shape([a, b]) {
    if (weighs(b!, a!)) return a!
    if (weighs(a!, b!)) return b!
    throw new MisfitError('unequal-factors', { first: a!, other: b! })
  },
  flops: (_, __, output) => elements(output),
  // What is summed to a number a channel is as large as the image before.
  held: ([a, b]) => ({ kept: 0, passing: a!.join() === b!.join() ? 0 : Math.max(elements(a!), elements(b!)) }),
  forward: (g, { inputs: [a, b] }) => ({ output: g.multiply(beside(g, a!, b!), beside(g, b!, a!)) }),
  gradient(g, { inputs: [a, b], dy, wanted }) {
    const back = (to: Tensor, by: Tensor): Tensor => gathered(g, g.multiply(dy, beside(g, by, dy)), to)
    return { inputs: [wanted[0] ? back(a!, b!) : null, wanted[1] ? back(b!, a!) : null] }
  },
})

/** Whether each side of one is the image's or 1; a vector is an image of one pixel. */
function weighs(weight: Shape, value: Shape): boolean {
  if (weight.join() === value.join()) return true
  const sides = weight.length === 1 ? [1, 1, weight[0]!] : weight
  return value.length === 3 && sides.every((side, axis) => side === value[axis] || side === 1)
}

/** A vector beside images as images of one pixel. */
const beside = (g: Graph, x: Tensor, other: Tensor): Tensor =>
  x.shape.length < other.shape.length ? g.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]) : x

/** Summed over the axes along which `like` was stretched, in its shape. */
function gathered(g: Graph, x: Tensor, like: Tensor): Tensor {
  const sides = like.shape.length < x.shape.length ? [like.shape[0]!, 1, 1, like.shape[1]!] : like.shape
  const axes = sides.flatMap((side, axis) => (axis > 0 && side === 1 && x.shape[axis] !== 1 ? [axis] : []))
  const summed = axes.length > 0 ? g.sumOver(x, axes) : x
  return summed.shape.length === like.shape.length ? summed : g.reshape(summed, like.shape)
}
