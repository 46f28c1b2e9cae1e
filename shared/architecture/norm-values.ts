import { elements } from '../ops/op'
import { UserError } from '../errors'
import type { ExpandedNetwork } from './expand'

/**
 * Refuses what has nothing to normalise: of a single value the mean is that value and the variance 0, so that a norm gives its shift
 * whatever comes in, and no gradient gets past it.
 *
 * @param batch Images of a training step.
 * @throws UserError that names the first such layer.
 */
export function checkNormValues(network: ExpandedNetwork, batch: number): void {
  for (const { op, name, shape, attributes } of network.layers) {
    const values = valuesOf(op.kind, shape, attributes)
    if (values === undefined || values.perImage * (values.isOverBatch ? batch : 1) > 1) continue
    const passes = 'so it gives its shift whatever comes in, and no gradient gets back past it'
    if (values.isOverBatch)
      throw new UserError(`with a batch of 1 it has one value a channel to normalise, ${passes}`, {
        place: `layer "${name}"`,
        remedy: 'use a batch of 2 or more, or a layer norm',
      })
    throw new UserError(`it has one value a group to normalise, ${passes}`, {
      place: `layer "${name}"`,
      remedy: op.kind === 'group-norm' ? 'use fewer groups' : 'use more channels, or another norm',
    })
  }
}

/** Values that share a mean, of one image, and whether a batch's images share it; undefined for what is no norm. */
function valuesOf(
  kind: string,
  shape: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
): { perImage: number; isOverBatch: boolean } | undefined {
  const size = elements(shape)
  if (kind === 'batch-norm') return { perImage: size / shape[shape.length - 1]!, isOverBatch: true }
  if (kind === 'group-norm') return { perImage: size / (attributes['groups'] as number), isOverBatch: false }
  if (kind === 'layer-norm') {
    const isOfPlaces = attributes['over'] === 'channels'
    return { perImage: isOfPlaces ? shape[shape.length - 1]! : size, isOverBatch: false }
  }
  return undefined
}
