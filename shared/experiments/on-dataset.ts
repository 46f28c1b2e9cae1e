import type { DatasetSummary } from '../api'
import type { ExperimentDefinition, ReadyExperiment } from './experiment'

/** What is looked at of a data set. */
export type ExperimentSet = Pick<DatasetSummary, 'name' | 'splits' | 'procedural'>

type Data = ExperimentDefinition['base']['data']

/**
 * A choice of data on another set: as many images as before, or as many as its splits have. It is tested on `test`; where there is
 * no such split on `validation`. Whatever else does not fit, planning the runs says.
 */
export function dataOn(set: ExperimentSet, data: Data): Data {
  const { train, test, ...others } = data
  const imagesOf = (split: string): number | undefined => set.splits.find(({ name }) => name === split)?.images
  const atMost = (asked: unknown, there: number | undefined): unknown =>
    typeof asked === 'number' && there !== undefined && !set.procedural ? Math.min(asked, there) : asked
  delete others['trainSplit']
  delete others['testSplit']
  const isHeldBack = imagesOf('test') === undefined && imagesOf('validation') !== undefined
  const testSplit = isHeldBack ? 'validation' : 'test'
  return {
    ...others,
    name: set.name,
    ...(train !== undefined && { train: atMost(train, imagesOf('train')) }),
    ...(test !== undefined && { test: atMost(test, imagesOf(testSplit)) }),
    ...(isHeldBack && { testSplit }),
  }
}

/** A ready experiment on a data set; on one that is not its own the set is part of its name. Networks take images and classes of the set. */
export function readyOn(ready: ReadyExperiment, set: ExperimentSet): ReadyExperiment {
  return { ...ready, sizes: ready.sizes.map((size) => ({ ...size, definition: definitionOn(size.definition, set) })) }
}

function definitionOn(definition: ExperimentDefinition, set: ExperimentSet): ExperimentDefinition {
  const { name, base } = definition
  if (base.data['name'] === set.name) return definition
  return { ...definition, name: `${name.slice(0, 95)} on ${set.name}`, base: { ...base, data: dataOn(set, base.data) } }
}
