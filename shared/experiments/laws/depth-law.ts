import { eachRun, isAboveZero, type Law } from './law'

/** Largest singular value of the residual Jacobians, meant over a run's blocks: the job `runs.depth-law` (arXiv 2401.09018). */
export const depthLaw: Law = {
  title: 'slope of log σ₁ over log L',
  figure: 'mean σ₁ of F′',
  note: 'largest singular value of the residual Jacobians, mean over the blocks, at the first test image',
  base: 'L',
  over: (blocks) => blocks,
  needs: 'depths',
  points(cells, _, { depths }) {
    const known = new Map((depths ?? []).map((depth) => [depth.run, depth]))
    return eachRun(cells, ({ id }) => {
      const found = known.get(id)
      if (!found) return 'σ₁ is not measured yet'
      return isAboveZero(found.mean) ? { blocks: found.blocks, value: found.mean } : 'no σ₁ above 0'
    })
  },
}
