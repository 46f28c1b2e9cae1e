import type { Clipping, Projection, Training, WhiteningSettings } from '../configuration'
import { UserError } from '../errors'
import type { ExpandedNetwork } from './expand'

/**
 * The convolutions that a projection takes.
 *
 * @param layers `transitions` are the stem's and the transitions' convolutions, `all` every one; else patterns of layer names,
 * in which `*` stands for any characters.
 * @returns Indices into the network's layers, none only for `none`.
 * @throws UserError where there is nothing to project, or a pattern that fits no convolution.
 */
export function projectedLayers(network: ExpandedNetwork, layers: Projection['layers']): readonly number[] {
  if (layers === 'none') return []
  const convolutions = withKernel(network, 4)
  if (Array.isArray(layers)) return fitting(network, convolutions, layers, 'convolution')
  const found = layers === 'all' ? convolutions : projectableTransitions(network)
  if (found.length > 0) return found
  const problem =
    layers === 'all' ? 'it has no convolution' : 'neither a stem nor a transition with a convolution is a unit of it'
  throw new UserError(`there is nothing to project: ${problem}`, {
    place: `network "${network.name}"`,
    remedy: 'choose no projection, or a network such as proc-resnet',
  })
}

/** The stem's and the transitions' convolutions, as indices into the network's layers; empty where there is nothing to project there. */
export const projectableTransitions = (network: ExpandedNetwork): readonly number[] =>
  outsideBlocks(network, withKernel(network, 4))

/**
 * The dense layers that whitening takes: all, or those whose names fit a pattern.
 *
 * @returns Indices into the network's layers, none only for `none`.
 * @throws UserError where there is nothing to whiten, or a pattern that fits no dense layer.
 */
export function whitenedLayers(network: ExpandedNetwork, layers: WhiteningSettings['layers']): readonly number[] {
  if (layers === 'none') return []
  const dense = withKernel(network, 2)
  if (Array.isArray(layers)) return fitting(network, dense, layers, 'dense layer')
  if (dense.length > 0) return dense
  throw new UserError('there is nothing to whiten: the network has no dense layer', {
    place: `network "${network.name}"`,
    remedy: 'choose no whitening',
  })
}

/**
 * The convolutions and dense layers whose singular values are kept in an interval.
 *
 * @returns Indices into the network's layers, none only for `none`.
 * @throws UserError where there is nothing to clip, or a pattern that fits neither.
 */
export function clippedLayers(network: ExpandedNetwork, layers: Clipping['layers']): readonly number[] {
  if (layers === 'none') return []
  return chosenLinear(network, withLinear(network), layers, { nothing: 'nothing to clip', remedy: 'none' })
}

/**
 * The convolutions without groups and the dense layers that a penalty draws towards orthogonal ones.
 *
 * @returns Indices into the network's layers.
 * @throws UserError where there is none, or a pattern that fits none.
 */
export function penalisedLayers(network: ExpandedNetwork, layers: Training['orthogonality']['layers']): readonly number[] {
  const whole = withLinear(network).filter((index) => {
    const { op, attributes } = network.layers[index]!
    return op.kind !== 'depthwise-conv2d' && (attributes['groups'] ?? 1) === 1
  })
  return chosenLinear(network, whole, layers, {
    what: 'convolution without groups or dense layer',
    ...{ nothing: 'nothing to penalise', remedy: 'training.orthogonality.form=none' },
  })
}

/**
 * The convolutions and dense layers whose spectra are looked at while a run trains.
 *
 * @returns Indices into the network's layers.
 * @throws UserError where there is none, or a pattern that fits none.
 */
export function spectralLayers(network: ExpandedNetwork, layers: Training['spectra']['layers']): readonly number[] {
  return chosenLinear(network, withLinear(network, true), layers, {
    nothing: 'no spectrum to look at',
    remedy: 'spectra.every=0',
  })
}

/** All of the candidates, those in stem and transitions, or those that fit a pattern. @throws UserError where that is none. */
function chosenLinear(
  network: ExpandedNetwork,
  candidates: readonly number[],
  layers: 'all' | 'transitions' | readonly string[],
  words: { readonly what?: string; readonly nothing: string; readonly remedy: string },
): readonly number[] {
  const { what = 'convolution or dense layer', nothing, remedy } = words
  if (typeof layers !== 'string') return fitting(network, candidates, layers, what)
  const found = layers === 'all' ? candidates : outsideBlocks(network, candidates)
  if (found.length > 0) return found
  throw new UserError(`there is ${nothing}: no convolution or dense layer is among those that are meant`, {
    place: `network "${network.name}"`,
    remedy: `choose other layers, or ${remedy}`,
  })
}

/** Those that lie in stem or transitions. */
function outsideBlocks(network: ExpandedNetwork, candidates: readonly number[]): number[] {
  const inside = new Set(network.units.filter(({ kind }) => kind !== 'block').flatMap(({ layers }) => layers))
  return candidates.filter((layer) => inside.has(layer))
}

/** The candidates whose names fit at least one pattern. @throws UserError for a pattern that fits none. */
function fitting(network: ExpandedNetwork, candidates: readonly number[], patterns: readonly string[], what: string): number[] {
  const found = patterns.map((pattern) => {
    const layers = candidates.filter((layer) => fits(network.layers[layer]!.name, pattern))
    if (layers.length > 0) return layers
    const some = candidates.slice(0, 4).map((layer) => network.layers[layer]!.name)
    throw new UserError(`no ${what} is called "${pattern}"`, {
      place: `network "${network.name}"`,
      remedy: some.length > 0 ? `for example ${some.join(', ')}` : `it has no ${what}`,
    })
  })
  return [...new Set(found.flat())].sort((a, b) => a - b)
}

/** Whether a dotted name fits a pattern in which `*` stands for any characters. */
export function fits(name: string, pattern: string): boolean {
  // Not a regular expression: one of many stars goes through all ways to share a name out between them.
  const parts = pattern.split('*')
  const [first, last] = [parts[0]!, parts[parts.length - 1]!]
  if (parts.length === 1) return name === pattern
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    // The first place is as good as any: what follows then has the most room.
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/** Convolutions and dense layers. @param areMade Those too that make their kernels of what they learn. */
function withLinear(network: ExpandedNetwork, areMade = false): number[] {
  return [...withKernel(network, 4, areMade), ...withKernel(network, 2)].sort((a, b) => a - b)
}

function withKernel(network: ExpandedNetwork, rank: number, areMade = false): number[] {
  return network.layers.flatMap(({ op, parameters }, index) =>
    !op.actsOtherwise &&
    (areMade || !op.actingKernel) &&
    parameters.some(({ role, shape }) => role === 'kernel' && shape.length === rank)
      ? [index]
      : [],
  )
}
