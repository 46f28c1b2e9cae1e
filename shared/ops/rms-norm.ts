import { z } from 'zod'
import { channelsOf } from './group-normalisation'
import { defineOp, elements } from './op'

/** RMS normalisation (Zhang and Sennrich 2019, arXiv 1910.07467) of the channels at each place, or of a vector: x/√(mean x² + ε) times a scale a channel. */
export const rmsNorm = defineOp({
  kind: 'rms-norm',
  title: 'RMS norm',
  category: 'Normalisation',
  description: 'The channels at each place by the root of their mean square.',
  attributes: z.strictObject({ epsilon: z.number().min(0).max(1).default(1e-5).describe('added to the mean square') }),
  arity: [1, 1],
  shape: ([x]) => (channelsOf(x), x!),
  parameters: ([x]) => [{ name: 'gamma', role: 'scale', shape: [channelsOf(x)], start: { value: 1 } }],
  flops: (_, __, output) => 5 * elements(output),
  forward(g, { inputs: [x], parameters: { gamma }, attributes: { epsilon } }) {
    const inverse = g.inverseRoot(g.add(g.meanOver(g.square(x!), [x!.shape.length - 1]), g.constant(epsilon)))
    const normalised = g.multiply(x!, inverse)
    return { output: g.multiply(normalised, gamma!), saved: [normalised, inverse] }
  },
  // dx = (d − n·mean(d·n))/√(mean x² + ε) with d = dy·γ and n the normalised values.
  gradient(g, { parameters: { gamma }, saved: [normalised, inverse], dy }) {
    const last = dy.shape.length - 1
    const d = g.multiply(dy, gamma!)
    const along = g.multiply(normalised!, g.meanOver(g.multiply(d, normalised!), [last]))
    const others = dy.shape.slice(0, -1).map((_, axis) => axis)
    return {
      inputs: [g.multiply(g.subtract(d, along), inverse!)],
      parameters: { gamma: g.sumOver(g.multiply(dy, normalised!), others) },
    }
  },
})
