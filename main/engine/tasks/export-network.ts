import path from 'node:path'
import { countParameters, type ExpandedNetwork, expand, networkFromDocument } from '../../../shared/architecture'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { kerasLayersOf, kerasSource } from '../../../shared/architecture/source/keras'
import { torchSource } from '../../../shared/architecture/source/torch'
import { UserError } from '../../../shared/errors'
import type { NetworkForm } from '../../../shared/network-forms'
import { writeFile } from '../../files/write-file'
import { writeSafetensors } from '../../formats/safetensors'
import { encodeKeras, kerasWeights } from '../foreign/out/keras'
import { encodeOnnx } from '../foreign/out/onnx'
import { outgoingNotes } from '../foreign/out/notes'
import { stateDict } from '../foreign/out/torch'
import { outgoingWeights, type OutgoingWeights } from '../foreign/out/weights'
import type { ExportNetworkTask, WrittenNetwork } from '../questions'
import { openWeightsFor } from '../weights'

/** Larger files ONNX wants in parts. */
const MOST_BYTES = 2 ** 31 - 1

interface Outgoing {
  readonly document: NetworkDocument
  readonly network: ExpandedNetwork
  /** Numbers in its weights. */
  readonly parameters: number
  readonly weights: OutgoingWeights | undefined
  readonly producer: string
  /** What is said of it beside. */
  readonly notes: readonly string[]
  readonly out: string
}

/** Each form; what was written beside the file is answered. */
const writers: Readonly<Record<NetworkForm, (outgoing: Outgoing) => string | undefined>> = {
  onnx({ network, parameters, weights, producer, notes, out }) {
    if (4 * parameters > MOST_BYTES)
      throw new UserError(`its ${parameters} weights are more than one ONNX file holds`, {
        place: network.name,
        remedy: 'export them as safetensors',
      })
    writeFile(out, encodeOnnx(network, required(weights, network), producer, notes))
    return undefined
  },
  pytorch({ document, weights, producer, notes, out }) {
    const beside = out.replace(/\.py$/i, '') + '.safetensors'
    const load = `network.load_state_dict(safetensors.torch.load_file("${path.basename(beside)}"))`
    const head = [`Written by NormLab ${producer}.`, ...(weights ? [`Its weights: ${load}; network.eval()`] : []), ...notes]
    const source = torchSource(document, head)
    if (weights) writeSafetensors(beside, stateDict(source, weights))
    writeFile(out, source.text)
    return weights && beside
  },
  'pytorch-weights'({ document, network, weights, out }) {
    writeSafetensors(out, stateDict(torchSource(document, []), required(weights, network)))
    return undefined
  },
  keras({ network, weights, out }) {
    writePieces(out, encodeKeras(network, required(weights, network)))
    return undefined
  },
  'keras-source'({ document, weights, producer, notes, out }) {
    const beside = out.replace(/\.py$/i, '') + '.weights.h5'
    const load = `model = network(); model.load_weights("${path.basename(beside)}")`
    const head = [`Written by NormLab ${producer}.`, ...(weights ? [`With its weights: ${load}`] : []), ...notes]
    const { text, network } = kerasSource(document, head)
    if (weights) writePieces(beside, kerasWeights(kerasLayersOf(network).layers, weights))
    writeFile(out, text)
    return weights && beside
  },
  'keras-weights'({ network, weights, out }) {
    writePieces(out, kerasWeights(kerasLayersOf(network).layers, required(weights, network)))
    return undefined
  },
}

/** The bytes behind one another. */
const writePieces = (out: string, pieces: readonly Uint8Array[]): void =>
  writeFile(out, (write) => {
    for (const piece of pieces) write(piece)
  })

function required(weights: OutgoingWeights | undefined, { name }: ExpandedNetwork): OutgoingWeights {
  if (weights) return weights
  throw new UserError('it has no weights', { place: name, remedy: 'import some for it first, or export a run' })
}

/**
 * Writes a network in a form of another program's, with its weights where it has some.
 *
 * @throws UserError where it has a layer that the form has not, or the weights lack moving statistics.
 */
export async function exportNetwork(task: ExportNetworkTask): Promise<WrittenNetwork> {
  const { file, name, form, producer, out } = task
  const document = networkFromDocument(task.network)
  const network = expand(document)
  const parameters = countParameters(network)
  const reader = file === undefined ? undefined : await openWeightsFor(network, { file, ...(name !== undefined && { name }) })
  try {
    const weights = reader && outgoingWeights(network, reader, name ?? file!)
    const notes = outgoingNotes(network, form)
    const beside = writers[form]({ document, network, parameters, weights, producer, notes, out })
    return { tensors: weights?.taken ?? 0, parameters, beside: beside ?? null, notes }
  } finally {
    reader?.close()
  }
}
