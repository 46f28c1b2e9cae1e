import type { MuonSettings, OptimiserDefinition } from './definition'

/**
 * Muon (Jordan and others 2024): m ← μm + (1−μ)g, w ← w − rate·gain·O((1−μ)g + μm) after w ← w − rate·decay·w, O the nearest isometry of a kernel as a
 * matrix [kh·kw·in, out]. PyTorch's Muon has the same mean gradient and the same two gains.
 */
export const muon: OptimiserDefinition = {
  name: 'muon',
  label: 'Muon',
  says: 'Muon, whose kernels step along isometries',
  // Jordan's, and of the other scale that of PyTorch's Muon, which is AdamW's.
  usualRate: ({ muon: { scale } }) => (scale === 'original' ? 0.02 : 0.001),
  settings: ['muon', 'beta1', 'beta2', 'epsilon'],
  vectors: ['momenta', 'squares'],
  isDecoupled: true,
  others: 'adamw',
  update(g, { gradient, rate, kept }, { muon: { momentum, method, scale } }) {
    const momenta = g.add(g.scale(kept.momenta, momentum), g.scale(gradient, 1 - momentum))
    const ahead = g.add(g.scale(gradient, 1 - momentum), g.scale(momenta, momentum))
    return { step: g.multiply(g.isometries(ahead, method, GAINS[scale]), rate), kept: { momenta } }
  },
}

/** `original` is Jordan's, `rms` that of Liu and others 2025: an update whose root mean square is like AdamW's, so that one rate suits both. */
const GAINS: Readonly<Record<MuonSettings['scale'], (rows: number, columns: number) => number>> = {
  original: (rows, columns) => Math.sqrt(Math.max(1, columns / rows)),
  rms: (rows, columns) => 0.2 * Math.sqrt(Math.max(rows, columns)),
}
