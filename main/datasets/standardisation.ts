import type { DatasetSummary } from '../../shared/api'
import type { Training } from '../../shared/configuration'
import type { Split } from './dataset'
import { type ChannelStatistics, channelStatistics } from './statistics'

/**
 * What training takes off each channel and divides it by: what the set brings, else what is measured over all images of the split
 * that is trained on; null for nothing.
 */
export function standardisationOf(
  { standardisation }: Pick<DatasetSummary, 'standardisation'>,
  train: Split,
  how: Training['standardisation'],
): ChannelStatistics | null {
  if (how === 'none') return null
  return standardisation ?? train.statistics ?? channelStatistics(train)
}
