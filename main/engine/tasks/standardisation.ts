import type { Catalogue } from '../../datasets/catalogue'
import { standardisationOf } from '../../datasets/standardisation'
import type { ChannelStatistics } from '../../datasets/statistics'
import type { GivenStandardisation } from '../questions'

/** What pixels are standardised by; null for nothing. */
export function standardisationFor(catalogue: Catalogue, standardisation: GivenStandardisation): ChannelStatistics | null {
  if (standardisation === null || 'mean' in standardisation) return standardisation
  const { name, split, images } = standardisation.of
  const trained = catalogue.openSplit(name, split, images)
  try {
    return standardisationOf(catalogue.describe(name), trained, 'channel')
  } finally {
    trained.close()
  }
}
