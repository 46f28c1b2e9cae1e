import type { RunSummary } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { copiesWords, noCopiesWords } from '../../shared/copies-words'
import { onSplit } from '../../shared/data-splits'
import { percent } from './format'

/**
 * A run's test accuracy with and without the images that have a copy in training, or of an imported set how to find them out; nothing where it
 * was not tested, or a set of the program, which has none that are meant, was never checked.
 */
export function testedLine(
  { dataset, last: { testAccuracy, withoutCopies } }: Pick<RunSummary, 'dataset' | 'last'>,
  { data, dataHash }: Pick<Configuration, 'data' | 'dataHash'>,
): string {
  const { trainSplit, testSplit } = data
  if (testAccuracy === null) return ''
  const accuracy = `${onSplit('Test accuracy', testSplit)} ${percent(testAccuracy)}`
  if (withoutCopies) {
    const { copies, accuracy: others } = withoutCopies
    if (copies === 0) return `${accuracy}. ${noCopiesWords(testSplit)}\n`
    return `${accuracy}, ${percent(others)} without ${copiesWords(copies, testSplit)}\n`
  }
  if (dataHash === undefined || trainSplit !== 'train' || testSplit === 'train') return ''
  return `${accuracy}; whether its images have copies in training is not known: normlab datasets check ${dataset} looks for them, before the next run\n`
}
