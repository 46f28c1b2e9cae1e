import { createHash } from 'node:crypto'
import type { ChannelStatistics } from '../statistics'

/** A set's hash with the mean and deviation that training is to use, where it brings its own: they too decide a run's numbers. */
export function hashWith(packed: string, standardisation: ChannelStatistics | undefined): string {
  if (!standardisation) return packed
  const { mean, std } = standardisation
  return createHash('sha256').update(packed).update(JSON.stringify({ mean, std })).digest('hex')
}
