import { createHash } from 'node:crypto'
import type { DatasetSummary } from '../../shared/api'
import type { DataChoice } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { Dataset, Splits } from './dataset'
import { digits } from './digits'
import { shapes10 } from './shapes10'

export type { Split, Splits } from './dataset'

const builtIn: readonly Dataset[] = [shapes10, digits]

/** An open data set: what it is, and its two splits. */
export interface OpenDataset extends Splits {
  readonly summary: DatasetSummary
}

export function listDatasets(): DatasetSummary[] {
  return builtIn.map(({ summary }) => summary)
}

/** What is known of a set without opening it. @throws UserError where there is none of this name. */
export function describeDataset(name: string): DatasetSummary {
  return findDataset(name).summary
}

/**
 * @param _dataFolder Where imported sets lie. The built-in ones are part of the program and need none.
 * @throws UserError for an unknown name, or where a split has fewer images than asked.
 */
export function openDataset(choice: DataChoice, _dataFolder: string): OpenDataset {
  const dataset = findDataset(choice.name)
  return { summary: dataset.summary, ...dataset.open(choice) }
}

function findDataset(name: string): Dataset {
  const found = builtIn.find(({ summary }) => summary.name === name)
  if (found) return found
  throw new UserError('there is no such data set', {
    place: `data set "${name}"`,
    remedy: `use ${builtIn.map(({ summary }) => summary.name).join(' or ')}`,
  })
}

/** Images of each split that the hash looks at. */
const HASHED = 256

/** SHA-256 over the splits' sizes, all labels, and the first images: tells whether two machines train on the same data. */
export function dataHash(choice: DataChoice): string {
  const { train, test } = findDataset(choice.name).open(choice)
  const hash = createHash('sha256')
  for (const split of [train, test]) {
    const { length, shape, labels } = split
    hash.update(JSON.stringify([length, shape])).update(labels)
    const image = new Uint8Array(shape[0] * shape[1] * shape[2])
    for (let i = 0; i < Math.min(HASHED, length); i++) {
      split.read(i, image, 0)
      hash.update(image)
    }
  }
  return hash.digest('hex')
}
