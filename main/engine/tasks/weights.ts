import { expand, networkFromDocument } from '../../../shared/architecture'
import type { WeightReport } from '../../../shared/weight-map'
import { OWNERS } from '../../files/write-file'
import { type TensorSource, writeSafetensors } from '../../formats/safetensors'
import { parameterLayout, statisticLayout } from '../graph/layout'
import type { CopyTask, InitialWeightsTask, MapTask, WrittenWeights } from '../questions'
import { askedStartValues } from '../training/start-values'
import { checkWeights, openWeightsFor, readParameter, reportWeights, readStatistics, statisticsPrefix } from '../weights'
import { namedTensors } from './tensors'

/** Writes a network's initial values, named as in the network. */
export async function initialWeights({ network, out, ...start }: InitialWeightsTask): Promise<WrittenWeights> {
  const expanded = expand(networkFromDocument(network))
  const layout = parameterLayout(expanded)
  writeSafetensors(out, namedTensors(await askedStartValues(expanded, layout, start), layout, ''))
  return { tensors: layout.slots.length, parameters: layout.length }
}

/**
 * Writes a network's parameters out of a file under their plain names, and its moving statistics where the file has them
 * (`statistics/…`), whatever else that holds.
 *
 * @throws UserError where they do not fit the network or are not finite.
 */
export async function copyWeights({ network, file, name, map, out, isKept }: CopyTask): Promise<WrittenWeights> {
  const expanded = expand(networkFromDocument(network))
  const layout = parameterLayout(expanded)
  const statistics = statisticLayout(expanded)
  const reader = await openWeightsFor(expanded, { file, name, map })
  try {
    const prefix = checkWeights(reader, layout)
    const tensors = layout.slots.map(({ name, shape }): TensorSource => {
      return { name, shape, dtype: 'F32', data: () => [readParameter(reader, prefix + name)] }
    })
    const moving =
      statistics.length > 0 && statisticsPrefix(reader, statistics) !== undefined
        ? namedTensors(readStatistics(reader, statistics), statistics, 'statistics/')
        : []
    // Which tensor was taken for which stays with the copy.
    const words: Record<string, string> = reader.map ? { map: JSON.stringify(reader.map) } : {}
    writeSafetensors(out, [...tensors, ...moving], words, isKept ? OWNERS : {})
    return { tensors: layout.slots.length, parameters: layout.length }
  } finally {
    reader.close()
  }
}

/** What would be taken of a file for a network, and what would not. */
export function mapWeights({ network, weights }: MapTask): Promise<WeightReport> {
  return reportWeights(expand(networkFromDocument(network)), weights)
}
