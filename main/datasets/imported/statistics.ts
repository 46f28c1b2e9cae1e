import type { ChannelStatistics } from '../statistics'
import { statisticsOfLevels } from '../statistics'
import type { ImportedSplit } from './about'

/** Mean and deviation of each channel over all pixels of a split, from the counts that were taken when it was imported. */
export function importedStatistics({ levels }: Pick<ImportedSplit, 'levels'>): { mean: number[]; std: number[] } {
  const { mean, std }: ChannelStatistics = statisticsOfLevels(levels)
  return { mean: [...mean], std: [...std] }
}
