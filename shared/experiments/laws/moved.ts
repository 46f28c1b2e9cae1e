import { eachRun, isAboveZero, type Law, measuredIn } from './law'

/** How far a run's steps have moved what its blocks come to, as a coordinate check asks (Yang et al. 2022; arXiv 2505.01618): the job `runs.moved`. */
export const movedLaw: Law = {
  title: 'slope of log change of activations over log L',
  figure: 'change of activations',
  note: 'root mean square, what leaves the last block, from the first weights to the last on a training batch',
  base: 'L',
  over: (blocks) => blocks,
  needs: 'moved',
  points(cells, _, { moved }) {
    const measured = measuredIn(moved)
    return eachRun(cells, ({ id }) => {
      const found = measured(id)
      if (typeof found === 'string' || !found) return found ?? 'the change is not measured yet'
      return isAboveZero(found.stream) ? { blocks: found.blocks, value: found.stream } : 'no finite change above 0'
    })
  },
}
