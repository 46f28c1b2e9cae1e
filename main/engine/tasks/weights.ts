import { expand, networkFromDocument } from '../../../shared/architecture'
import { OWNERS } from '../../files/write-file'
import { type TensorSource, writeSafetensors } from '../../formats/safetensors'
import { parameterLayout, statisticLayout } from '../graph/layout'
import type { EngineTask } from '../protocol'
import { initialParameters } from '../training/initialise'
import { checkWeights, openWeights, readParameter, readStatistics, statisticsPrefix } from '../weights'
import { namedTensors } from './tensors'

type CopyTask = Extract<EngineTask, { kind: 'copy-weights' }>

/** What was written. */
export interface WrittenWeights {
  readonly tensors: number
  /** Numbers in them. */
  readonly parameters: number
}

/** Writes a network's initial values, named as in the network. */
export function initialWeights({ network, seed, init, out }: Extract<EngineTask, { kind: 'initial-weights' }>): WrittenWeights {
  const expanded = expand(networkFromDocument(network))
  const layout = parameterLayout(expanded)
  writeSafetensors(out, namedTensors(initialParameters(expanded, layout, init, seed), layout, ''))
  return { tensors: layout.slots.length, parameters: layout.length }
}

/**
 * Writes a network's parameters out of a file under their plain names, and its moving statistics where the file has them
 * (`statistics/…`), whatever else that holds.
 *
 * @throws UserError where they do not fit the network or are not finite.
 */
export async function copyWeights({ network, file, name, out, isKept }: CopyTask): Promise<WrittenWeights> {
  const expanded = expand(networkFromDocument(network))
  const layout = parameterLayout(expanded)
  const statistics = statisticLayout(expanded)
  const reader = await openWeights(file, name)
  try {
    const prefix = checkWeights(reader, layout)
    const tensors = layout.slots.map(({ name, shape }): TensorSource => {
      return { name, shape, dtype: 'F32', data: () => [readParameter(reader, prefix + name)] }
    })
    const moving =
      statistics.length > 0 && statisticsPrefix(reader, statistics) !== undefined
        ? namedTensors(readStatistics(reader, statistics), statistics, 'statistics/')
        : []
    writeSafetensors(out, [...tensors, ...moving], {}, isKept ? OWNERS : {})
    return { tensors: layout.slots.length, parameters: layout.length }
  } finally {
    reader.close()
  }
}
