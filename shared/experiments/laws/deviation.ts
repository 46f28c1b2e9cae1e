import { eachRun, isAboveZero, type Law } from './law'

/** Mean |r − 1| over the blocks against what the bound of arXiv 1805.07477, theorem 1, is a multiple of: power 1 where it falls as the bound does. */
export const deviationLaw: Law = {
  title: 'slope of log mean |r − 1| over log(log(2L)/L)',
  figure: 'mean |r − 1|',
  note: 'blocks, of the last epoch’s mean ratios',
  base: 'log(2L)/L',
  over: (blocks) => Math.log(2 * blocks) / blocks,
  points: (cells) =>
    eachRun(cells, ({ measures: { deviation, blocks } }) =>
      isAboveZero(deviation) && isAboveZero(blocks) ? { blocks, value: deviation } : 'no finite mean |r − 1|',
    ),
}
