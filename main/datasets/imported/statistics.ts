import type { ChannelStatistics } from '../statistics'
import { statisticsOfLevels } from '../statistics'
import type { ImportedSplit } from './about'

/** Mean and deviation of each channel over all pixels of a split, from what was counted when it was imported. */
export function importedStatistics({ levels, moments }: Pick<ImportedSplit, 'levels' | 'moments'>): {
  mean: number[]
  std: number[]
} {
  const { mean, std }: ChannelStatistics = moments ?? statisticsOfLevels(levels)
  return { mean: [...mean], std: [...std] }
}
