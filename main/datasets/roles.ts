import type { DatasetSummary } from '../../shared/api'
import type { DataChoice } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { splitSize } from './dataset'

/**
 * How many images a run takes of the split that it is trained on and of the one that it is tested on.
 *
 * @throws UserError where one is not there, which says how to come by it; or has fewer images than asked.
 */
export function checkRoles(
  summary: DatasetSummary,
  { trainSplit, testSplit, train, test }: DataChoice,
): { train: number; test: number } {
  for (const [role, split] of [
    ['train', trainSplit],
    ['test', testSplit],
  ] as const)
    if (!summary.splits.some(({ name }) => name === split)) throw missing(summary, role, split)
  return { train: splitSize(summary, trainSplit, train), test: splitSize(summary, testSplit, test) }
}

function missing({ name, splits }: DatasetSummary, role: 'train' | 'test', wanted: string): UserError {
  const names = splits.map((split) => split.name)
  const other = names.find((split) => split !== 'train' && split !== 'test') ?? names.find((split) => split !== wanted)
  const divided = names.includes('train') ? 'train' : names[0]!
  const ways = [
    ...(role === 'test' && other === 'train' ? [] : [`take another with --${role}-split ${other}`]),
    `divide it: normlab datasets prepare ${word(name)} --name ${word(`${name}-divided`)} --split train=0.9,test=0.1${divided === 'train' ? '' : ` --split-of ${word(divided)}`}`,
  ]
  return new UserError(
    `it has no split "${wanted}" to ${role === 'train' ? 'train' : 'test'} on, it has ${names.join(' and ')}`,
    {
      place: `data set "${name}"`,
      remedy: ways.join('; or '),
    },
  )
}

/** As a shell takes it. */
function word(text: string): string {
  return /^[\w.,=:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
