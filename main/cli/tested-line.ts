import type { RunSummary } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { copiesWords, noCopiesWords } from '../../shared/copies-words'
import { onSplit } from '../../shared/data-splits'
import { percent } from '../text/format'

/**
 * A run's test accuracy with and without the images that have a copy in training, or of an imported set how to find them out; nothing where it
 * was not tested, or is of a set of the program that was never checked.
 */
export function testedLine(
  { id, dataset, last: { testAccuracy, withoutCopies } }: Pick<RunSummary, 'id' | 'dataset' | 'last'>,
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
  const ways = `normlab datasets check ${dataset}, and then normlab test run:${id} --data ${dataset}`
  return `${accuracy}; whether its images have copies in training is not known: ${ways}\n`
}
