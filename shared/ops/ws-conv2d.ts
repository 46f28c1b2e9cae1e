import { z } from 'zod'
import { conv2d } from './conv2d'
import type { Graph, Tensor } from './graph'
import { defineOp, elements } from './op'

/**
 * Convolution whose kernel is standardised, filter by filter, at every use (scaled weight standardisation: Brock, De and Smith 2021, arXiv 2101.08692, equation 4):
 * γ·(W − μ)/(√(σ² + ε)·√fan-in), μ and σ² over a filter's entries, γ a learned gain.
 */
export const wsConv2d = defineOp({
  kind: 'ws-conv2d',
  title: 'Standardised convolution',
  category: 'Convolution and dense',
  description: 'A convolution whose filters have mean 0 and norm 1 times a learned gain.',
  example: { filters: 16 },
  attributes: conv2d.attributes.extend({
    epsilon: z.number().min(0).max(1).default(1e-6).describe('added to the variance'),
  }),
  arity: conv2d.arity,
  window: (attributes) => conv2d.window!(attributes),
  shape: (inputs, attributes) => conv2d.shape(inputs, attributes),
  parameters(inputs, attributes) {
    const [kernel, ...rest] = conv2d.parameters!(inputs, attributes)
    const gamma = { name: 'gamma', role: 'scale', shape: [attributes.filters], start: { value: 1 } } as const
    return [kernel!, gamma, ...rest]
  },
  flops(inputs, attributes, output) {
    const [kernel] = conv2d.parameters!(inputs, attributes)
    return conv2d.flops(inputs, attributes, output) + 6 * elements(kernel!.shape)
  },
  operations: (attributes) => 30 + conv2d.operations!(attributes),
  actingKernel: {
    shape: (inputs, attributes) => conv2d.parameters!(inputs, attributes)[0]!.shape as [number, number, number, number],
    make: (g, { kernel, gamma }, _, { epsilon }) => standardise(g, kernel!, gamma!, epsilon).kernel,
  },
  forward(g, { parameters, attributes, ...context }) {
    const { kernel, normalised, inverse } = standardise(g, parameters['kernel']!, parameters['gamma']!, attributes.epsilon)
    const { output, saved } = conv2d.forward(g, { ...context, attributes, parameters: { ...parameters, kernel } })
    return { output, saved: [saved![0]!, kernel, normalised, inverse] }
  },
  gradient(g, { parameters, saved: [padded, kernel, normalised, inverse], ...context }) {
    const found = conv2d.gradient(g, { ...context, saved: [padded!], parameters: { ...parameters, kernel: kernel! } })
    const arriving = found.parameters!['kernel']!
    const gamma = parameters['gamma']!
    const share = 1 / Math.sqrt(fanIn(kernel!))
    const d = g.scale(g.multiply(arriving, gamma), share)
    const along = g.multiply(normalised!, g.meanOver(g.multiply(d, normalised!), FILTER))
    return {
      inputs: found.inputs,
      parameters: {
        ...found.parameters,
        kernel: g.multiply(g.subtract(g.subtract(d, g.meanOver(d, FILTER)), along), inverse!),
        gamma: g.scale(g.sumOver(g.multiply(arriving, normalised!), FILTER), share),
      },
    }
  },
})

/** The axes of one filter's entries. */
const FILTER = [0, 1, 2]

const fanIn = ({ shape }: Tensor): number => shape[0]! * shape[1]! * shape[2]!

function standardise(
  g: Graph,
  kernel: Tensor,
  gamma: Tensor,
  epsilon: number,
): { kernel: Tensor; normalised: Tensor; inverse: Tensor } {
  const centred = g.subtract(kernel, g.meanOver(kernel, FILTER))
  const inverse = g.inverseRoot(g.add(g.meanOver(g.square(centred), FILTER), g.constant(epsilon)))
  const normalised = g.multiply(centred, inverse)
  return { kernel: g.scale(g.multiply(normalised, gamma), 1 / Math.sqrt(fanIn(kernel))), normalised, inverse }
}
