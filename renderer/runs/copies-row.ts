import type { RunDetail } from '../../shared/api'
import { copiesWords, noCopiesWords } from '../../shared/copies-words'
import { formatCounted, formatPercent } from '../ui/format'
import type { Learned } from './use-run-view'

export interface CopiesRow {
  readonly label: string
  readonly value: string
  readonly title: string
  /** Where what is missing is found out. */
  readonly to?: string
}

/**
 * What a run's test accuracy is without the images that the net may have seen in training. Of an imported set that nobody has looked through
 * by then it says so; of a set of the program nothing.
 */
export function copiesRow(
  { dataset, configuration: { data, dataHash } }: Pick<RunDetail, 'dataset' | 'configuration'>,
  { testAccuracy, withoutCopies }: Pick<Learned, 'testAccuracy' | 'withoutCopies'>,
): CopiesRow | null {
  const { trainSplit, testSplit } = data
  if (testAccuracy === null) return null
  if (withoutCopies) {
    const { copies, accuracy } = withoutCopies
    if (copies === 0) return { label: 'Copies in train', value: 'none known', title: noCopiesWords(testSplit) }
    const whose = copiesWords(copies, testSplit, formatCounted(copies, 'image'))
    return {
      label: `Without ${formatCounted(copies, 'copy', 'copies')}`,
      value: formatPercent(accuracy),
      title: `Test accuracy without ${whose}, as the checks of the set had found them when it was tested`,
    }
  }
  if (dataHash === undefined || trainSplit !== 'train' || testSplit === 'train') return null
  return {
    label: 'Copies in train',
    value: 'not looked for',
    title: 'Whether test images have copies in train was not known when they were tested; the checks of the set find it out',
    to: `/data/${encodeURIComponent(dataset)}?view=checks`,
  }
}
