import type { ForeignLayer } from './layer'

/**
 * A concatenation of all that an earlier one joined, and of one value more, takes what the earlier one gave instead: the same channels in the same order, and a dense net's layers (Huang et
 * al. 2017), which programs write as joining all that came before, become blocks behind one another. Places stay as they are.
 */
export function chainedConcatenations(layers: readonly ForeignLayer[]): ForeignLayer[] {
  const found = new Map<string, number>()
  return layers.map((layer, at) => {
    if (layer.kind !== 'concatenate') return layer
    const { inputs } = layer
    const earlier = found.get(inputs.slice(0, -1).join())
    if (!found.has(inputs.join())) found.set(inputs.join(), at)
    return earlier === undefined ? layer : { ...layer, inputs: [earlier, inputs[inputs.length - 1]!] }
  })
}
