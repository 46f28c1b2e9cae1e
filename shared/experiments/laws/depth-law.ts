import { eachRun, isAboveZero, type Law, measuredIn } from './law'

/** Largest singular value of the residual Jacobians, meant over a run's blocks: the job `runs.depth-law` (arXiv 2401.09018). */
export const depthLaw: Law = {
  title: 'slope of log σ₁ over log L',
  figure: 'mean σ₁ of F′',
  note: 'largest singular value of the residual Jacobians, mean over the blocks, at the first test image',
  base: 'L',
  over: (blocks) => blocks,
  needs: 'depths',
  points(cells, _, { depths }) {
    const measured = measuredIn(depths)
    return eachRun(cells, ({ id }) => {
      const found = measured(id)
      if (typeof found === 'string' || !found) return found ?? 'σ₁ is not measured yet'
      return isAboveZero(found.mean) ? { blocks: found.blocks, value: found.mean } : 'no σ₁ above 0'
    })
  },
}
