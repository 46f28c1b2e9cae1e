import type { OptimiserDefinition } from './definition'

/** v ← momentum·v + d with d = g + decay·w; w ← w − rate·v, or with Nesterov w ← w − rate·(d + momentum·v): PyTorch's SGD. */
export const sgd: OptimiserDefinition = {
  name: 'sgd',
  label: 'SGD',
  says: 'SGD with momentum, or Nesterov’s',
  usualRate: () => 0.1,
  settings: ['momentum', 'nesterov'],
  vectors: ['momenta'],
  isDecoupled: false,
  update(g, { gradient, rate, kept }, { momentum, nesterov }) {
    const velocity = g.add(g.scale(kept.momenta, momentum), gradient)
    const direction = nesterov ? g.add(gradient, g.scale(velocity, momentum)) : velocity
    return { step: g.multiply(direction, rate), kept: { momenta: velocity } }
  },
  fused: ({ nesterov }) => ({ kind: 'momentum', nesterov }),
}
