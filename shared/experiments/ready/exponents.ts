import type { Variant } from '../experiment'

/** Branch multipliers L^−α with the rates that belong to them, at the exponents of the literature: none, depth-µP's (arXiv 2310.02244), CompleteP's (arXiv 2505.01618). */
export const EXPONENTS = { none: 'α = 0', depthMup: 'α = ½', completeP: 'α = 1' } as const

/** @param base Blocks at which all three are the same network with the same rates. */
export const exponentVariants = (base: number): Variant[] =>
  (
    [
      [EXPONENTS.none, 0],
      [EXPONENTS.depthMup, 0.5],
      [EXPONENTS.completeP, 1],
    ] as const
  ).map(([label, alpha]) => ({
    label,
    set: {
      ...{ 'network.depth-alpha': alpha, 'network.depth-base': base },
      ...{ 'training.depth.alpha': alpha, 'training.depth.base': base },
    },
  }))
