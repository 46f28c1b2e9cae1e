import type { OptimiserDefinition } from './definition'

/** Names of the numbers that SOAP is fed with. */
const FEED = {
  begins: 'soap_begins',
  turns: 'soap_turns',
  share: 'soap_share',
  correction: 'soap_correction',
  epsilon: 'soap_epsilon',
} as const

/**
 * SOAP (Vyas and others 2024, arXiv 2409.11321, algorithm 3): Adam in the eigenbases P, Q of Shampoo's L ← β₂L + (1−β₂)GGᵀ and R ← β₂R + (1−β₂)GᵀG.
 * M ← β₁M + (1−β₁)G, V ← β₂V + (1−β₂)(PᵀGQ)², W ← W − rate·P[M̂'/(√V̂ + ε)]Qᵀ with M' = PᵀMQ. As in its authors' program the first gradient gives the bases
 * and moves nothing, a basis is used from the step after it is made, and V follows its columns.
 */
export const soap: OptimiserDefinition = {
  name: 'soap',
  label: 'SOAP',
  says: 'SOAP, which is Adam in the eigenbases of each kernel’s mean Gram matrices',
  usualRate: () => 0.003,
  settings: ['soap', 'beta1', 'beta2', 'epsilon'],
  vectors: ['momenta', 'squares'],
  matrices: ['gramians', 'bases'],
  longestSide: ({ soap: { side } }) => side,
  isDecoupled: true,
  // As in its authors' program a step that only gives bases shrinks nothing either.
  decays: (g) => g.subtract(g.constant(1), g.fed(FEED.begins)),
  others: 'adamw',
  feeds({ beta1, beta2, epsilon, soap: { every } }, step) {
    const moves = step - 1
    const isFirst = moves === 0
    const root = Math.sqrt(1 - beta2 ** moves)
    return {
      [FEED.begins]: isFirst ? 1 : 0,
      [FEED.turns]: !isFirst && moves % every === 0 ? 1 : 0,
      [FEED.share]: isFirst ? 0 : 1 - beta1,
      [FEED.correction]: isFirst ? 0 : root / (1 - beta1 ** moves),
      // Without bases yet all is 0, and is to stay so whatever ε.
      [FEED.epsilon]: isFirst ? 1 : epsilon * root,
    }
  },
  update(g, { gradient, rate, kept }, { beta1, beta2 }) {
    const momenta = g.add(g.scale(kept.momenta, beta1), g.multiply(gradient, g.fed(FEED.share)))
    const turned = g.inBases(gradient, kept.bases)
    const squares = g.add(g.scale(kept.squares, beta2), g.scale(g.square(turned), 1 - beta2))
    const direction = g.divide(g.inBases(momenta, kept.bases), g.add(g.squareRoot(squares), g.fed(FEED.epsilon)))
    const step = g.multiply(g.inBases(direction, kept.bases, 'back'), g.multiply(rate, g.fed(FEED.correction)))
    const gramians = g.add(g.scale(kept.gramians, beta2), g.scale(g.gramians(gradient), 1 - beta2))
    const turnedOn = g.where(
      FEED.turns,
      [gramians, kept.bases, squares],
      ([matrices, old, along]) => {
        const next = g.powerStep(matrices!, old!, along!)
        return [next.bases, next.along]
      },
      [kept.bases, squares],
    )
    const [bases] = g.where(FEED.begins, [gramians], ([matrices]) => [g.eigenbases(matrices!)], [turnedOn[0]!])
    return { step, kept: { momenta, squares: turnedOn[1]!, gramians, bases: bases! } }
  },
}
