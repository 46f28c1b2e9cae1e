import type { DatasetDetail } from '../../shared/api'
import type { Catalogue } from '../datasets/catalogue'
import { readAbout } from '../datasets/imported/imported-set'
import { importedStatistics } from '../datasets/imported/statistics'
import { channelStatistics } from '../datasets/statistics'

/** All that is known of a set without going through it, but for a built-in one, which is gone through once. */
export function datasetDetail(catalogue: Catalogue, name: string): DatasetDetail {
  const summary = catalogue.describe(name)
  if (summary.hash === undefined) return { ...summary, remarks: [], splits: builtInSplits(catalogue, name) }
  const about = readAbout(catalogue.folderOf(name))
  return {
    ...summary,
    splits: about.splits.map((split) => ({
      name: split.name,
      images: split.images,
      classCounts: split.classCounts,
      ...importedStatistics(split),
    })),
    remarks: about.remarks,
    ...(about.prepared && { prepared: about.prepared }),
  }
}

/** Built-in sets are always the same, and going through one takes a second. */
const builtIn = new Map<string, DatasetDetail['splits']>()

function builtInSplits(catalogue: Catalogue, name: string): DatasetDetail['splits'] {
  const known = builtIn.get(name)
  if (known) return known
  const summary = catalogue.describe(name)
  const splits = summary.splits.map((described) => {
    const split = catalogue.openSplit(name, described.name)
    try {
      const classCounts = summary.classes.map(() => 0)
      for (const label of split.labels) classCounts[label]!++
      const { mean, std } = channelStatistics(split)
      return { name: split.name, images: split.length, classCounts, mean: [...mean], std: [...std] }
    } finally {
      split.close()
    }
  })
  builtIn.set(name, splits)
  return splits
}
