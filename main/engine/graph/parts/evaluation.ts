import { forwardPass, tensorsByLayer } from '../passes'
import type { GraphContext } from './context'

/** What is fed to it, and what it answers with. */
export const EVALUATION = {
  images: 'evaluation_images',
  /** Logits with moving statistics, of as many images as are fed. */
  logits: 'evaluation_logits',
} as const

/** The forward pass with moving statistics, for any number of images. */
export function evaluation({ g, network, theta, parameters, statistics, state, labels }: GraphContext): void {
  const pass = forwardPass(g, network, {
    images: g.placeholder(EVALUATION.images, [-1, ...network.layers[network.input]!.shape]),
    labels,
    parameters: tensorsByLayer(g, g.read(theta), parameters),
    statistics: state.statistics ? tensorsByLayer(g, g.read(state.statistics), statistics) : new Map(),
    training: false,
    key: g.constant([0, 0], [2], 'int32'),
    upTo: network.logits,
  })
  g.named(EVALUATION.logits, pass.results[network.logits]!.output)
}
