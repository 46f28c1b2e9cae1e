import type { Training } from './configuration'

type Evaluation = Pick<Training['evaluation'], 'every' | 'last'>

/** Whether an epoch of a run ends with an evaluation on the test split. */
export const isTested = ({ every, last }: Evaluation, epoch: number, isLast: boolean): boolean =>
  (isLast && last) || (every > 0 && epoch % every === 0)

/** How many of a run's epochs behind those that are done end with one. */
export function testedEpochs({ every, last }: Evaluation, epochs: number, done = 0): number {
  if (done >= epochs) return 0
  const regular = every > 0 ? Math.floor(epochs / every) - Math.floor(done / every) : 0
  const isLastRegular = every > 0 && epochs % every === 0
  return regular + (last && !isLastRegular ? 1 : 0)
}
