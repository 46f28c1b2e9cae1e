import { expand, networkFromDocument } from '../../../shared/architecture'
import { OWNERS } from '../../files/write-file'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../formats/safetensors'
import { parameterLayout } from '../graph/layout'
import type { EngineTask } from '../protocol'
import { initialParameters } from '../training/initialise'
import { checkWeights, readParameter } from '../weights'
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
 * Writes a network's parameters out of a file, whatever else that holds, under their plain names.
 *
 * @throws UserError where they do not fit the network or are not finite.
 */
export function copyWeights({ network, file, name, out, isKept }: CopyTask): WrittenWeights {
  const layout = parameterLayout(expand(networkFromDocument(network)))
  const reader = SafetensorsReader.open(file, name)
  try {
    const prefix = checkWeights(reader, layout)
    const tensors = layout.slots.map(({ name, shape }): TensorSource => {
      return { name, shape, dtype: 'F32', data: () => [readParameter(reader, prefix + name)] }
    })
    writeSafetensors(out, tensors, {}, isKept ? OWNERS : {})
    return { tensors: layout.slots.length, parameters: layout.length }
  } finally {
    reader.close()
  }
}
