import { UserError } from '../../shared/errors'
import { readSeeds, SEEDS_ARE } from '../../shared/experiments/seeds-text'
import { cutText } from '../../shared/cut-text'

/** The seeds of `--seeds 1,2,3`; undefined where it is not given. @throws UserError for words that are none. */
export function seedsOf(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const seeds = readSeeds(text)
  if (seeds) return seeds
  throw new UserError(`"${cutText(text)}" are no ${SEEDS_ARE}`, { place: '--seeds', remedy: 'write them like 1,2,3' })
}
