import { isUserError } from '../../errors'
import type { NetworkDocument } from '../document'
import { parameterNames, expand } from '../expand'
import { networkFromPreset } from '../resolve'
import type { Form } from './survey'

const suffixes: Record<Form, string> = { projected: ', projected', 'l2-pooling': ', L2 pooling', learned: ', learned' }

/**
 * The name of a network after a conversion: its own, but a preset's words say what the network no longer is, so that `resnet-20` is
 * followed by the form, until it is that preset again.
 */
export function nameAfter({ name }: NetworkDocument, converted: NetworkDocument, form: Form): string {
  const suffix = Object.values(suffixes).find((end) => name.endsWith(end))
  const words = suffix ? name.slice(0, -suffix.length) : name
  const preset = presetNetwork(words)
  if (!preset) return name
  return layersOf(preset) === layersOf(converted) ? words : words.slice(0, 180) + suffixes[form]
}

function presetNetwork(words: string): NetworkDocument | null {
  try {
    return networkFromPreset(words)
  } catch (error) {
    if (isUserError(error)) return null
    throw error
  }
}

/** Layers, units and parameters, as text; whatever the input and the classes, which presets take from the data. */
function layersOf(document: NetworkDocument): string {
  const network = expand(document)
  return JSON.stringify([
    network.layers
      .slice(1)
      .map(({ name, op, attributes, inputs }) => [name, op.kind, op.kind === 'dense' ? 0 : attributes, inputs]),
    network.units.map(({ name, kind }) => [name, kind]),
    parameterNames(network).length,
  ])
}
