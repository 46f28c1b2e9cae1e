import type { DatasetSummary } from '../../../shared/api'
import type { ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'

/** @throws UserError where a network does not take the set's images, or tells another number of classes apart. */
export function checkFit(network: ExpandedNetwork, { shape, classes, name }: DatasetSummary): void {
  const takes = network.layers[network.input]!.shape
  const place = `${network.name} on ${name}`
  if (takes.join() !== shape.join()) {
    throw new UserError(`the network takes images of ${takes.join('×')}, the data set has ${shape.join('×')}`, {
      place,
      remedy: `set the network’s input to ${shape.join('x')}`,
    })
  }
  const logits = network.layers[network.logits]!.shape[0]!
  if (logits !== classes.length) {
    throw new UserError(`the network tells ${logits} classes apart, the data set has ${classes.length}`, {
      place,
      remedy: `set the network’s classes to ${classes.length}`,
    })
  }
}
