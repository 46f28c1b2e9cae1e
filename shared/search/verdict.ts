import { z } from 'zod'
import { findMeasure } from '../measures'
import { titleOf } from '../measures/values'
import { Measured } from '../records'
import type { Repeats } from '../repeats'
import { valueWords } from './trial-words'
import type { Search } from './search'
import type { Values } from './space'

const Side = z.object({
  trial: z.number().int(),
  mean: Measured,
  deviation: Measured.nullable(),
  n: z.number().int(),
})

/** What a search found, and how far it is to be believed. */
export const SearchVerdict = z.object({
  best: Side,
  second: Side.nullable(),
  /** Whether the best is told apart from the second; unknown where no repeats tell the noise of seeds. */
  finding: z.enum(['apart', 'within the noise', 'unknown']),
  /** Trials that were trained whole and compared. */
  compared: z.number().int(),
  /** Those and the ones that were ended early or failed: of so many the best is the best. */
  tried: z.number().int(),
})
export type SearchVerdict = z.infer<typeof SearchVerdict>

/** A trial that was trained whole. */
export interface Compared {
  readonly trial: number
  readonly repeats: Repeats
  /** How bad it is, over the seeds: less is better. */
  readonly badness: Repeats
}

/**
 * The best trial against the second. They are apart where the means of what they are judged by (of a ratio |ln| of each seed's) lie apart by more than both
 * sample standard deviations of that together: the best of many is no claim made beforehand, which a test's p would be of. Null of no trial.
 *
 * @param tried Those that were ended early and those that failed counted too.
 */
export function searchVerdict(compared: readonly Compared[], tried = compared.length): SearchVerdict | null {
  const [best, second] = [...compared].sort((a, b) => a.badness.mean - b.badness.mean || a.trial - b.trial)
  if (!best) return null
  const side = ({ trial, repeats }: Compared) => ({ trial, mean: repeats.mean, deviation: repeats.deviation, n: repeats.count })
  const told = { best: side(best), second: second ? side(second) : null, compared: compared.length, tried }
  if (!second || best.badness.deviation === null || second.badness.deviation === null) return { ...told, finding: 'unknown' }
  const by = second.badness.mean - best.badness.mean
  return { ...told, finding: by > best.badness.deviation + second.badness.deviation ? 'apart' : 'within the noise' }
}

/**
 * The verdict in sentences.
 *
 * @param settingsOf What a trial tried. @param show How a mean with its deviation is written.
 */
export function verdictSentences(
  { objective, space }: Pick<Search, 'objective' | 'space'>,
  { best, second, finding, tried }: SearchVerdict,
  settingsOf: (trial: number) => Values,
  show: (repeats: Repeats) => string,
): string[] {
  const measure = findMeasure(objective.measure)!
  const side = ({ trial, mean, deviation, n }: z.infer<typeof Side>): string =>
    `trial ${trial} (${valueWords(space, settingsOf(trial))}) with ${show({ mean, deviation, count: n })}${n > 1 ? ` (n = ${n})` : ''}`
  const title = titleOf(measure)
  const first = `Best by ${title}${objective.at === 'best' ? ' of its best epoch' : ''}: ${side(best)}.`
  if (!second) return [first, 'It is the only one that was trained whole.']
  const against = `Second: ${side(second)}.`
  const lie = measure.better === 'near one' ? `Their |ln ${title}|, by which they are judged, lie` : 'They lie'
  const told = {
    apart: `${lie} apart by more than both deviations over the seeds together.`,
    'within the noise': `${lie} no farther apart than both deviations over the seeds together: the seeds alone may make the difference.`,
    unknown:
      'One seed tells no noise, so that it is not known whether the best is better than the second; repeat both with other seeds.',
  }[finding]
  const chosen = `It is the best of ${tried} trials, chosen by the figure that is told here: expect somewhat less of it on images and seeds that had no part in the choice.`
  return [first, against, told, chosen]
}
