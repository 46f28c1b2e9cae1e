import type { OptimiserDefinition } from './definition'

/** Names of the numbers that Adam is fed with. */
export const ADAM_FEED = { beta1Power: 'beta1_power', beta2Power: 'beta2_power', epsilon: 'epsilon' } as const

/**
 * Kingma and Ba 2015, algorithm 1: m ← β₁m + (1−β₁)d, v ← β₂v + (1−β₂)d², w ← w − rate·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ) and
 * d = g + decay·w.
 */
export const adam: OptimiserDefinition = {
  name: 'adam',
  label: 'Adam',
  says: 'Adam',
  usualRate: () => 0.001,
  settings: ['beta1', 'beta2', 'epsilon'],
  vectors: ['momenta', 'squares'],
  isDecoupled: false,
  feeds({ beta1, beta2, epsilon }, step) {
    const beta2Power = beta2 ** step
    return {
      [ADAM_FEED.beta1Power]: beta1 ** step,
      [ADAM_FEED.beta2Power]: beta2Power,
      // TensorFlow adds ε to √v, the paper to √v̂.
      [ADAM_FEED.epsilon]: epsilon * Math.sqrt(1 - beta2Power),
    }
  },
  update(g, { gradient, rate, kept }, { beta1, beta2 }) {
    const one = g.constant(1)
    const momenta = g.add(g.scale(kept.momenta, beta1), g.scale(gradient, 1 - beta1))
    const squares = g.add(g.scale(kept.squares, beta2), g.scale(g.square(gradient), 1 - beta2))
    // As in TensorFlow's own operation: the corrections are the rate's, and ε is fed already scaled.
    const correction = g.divide(
      g.squareRoot(g.subtract(one, g.fed(ADAM_FEED.beta2Power))),
      g.subtract(one, g.fed(ADAM_FEED.beta1Power)),
    )
    const direction = g.divide(momenta, g.add(g.squareRoot(squares), g.fed(ADAM_FEED.epsilon)))
    return { step: g.multiply(direction, g.multiply(rate, correction)), kept: { momenta, squares } }
  },
  fused: () => ({ kind: 'adam' }),
}
