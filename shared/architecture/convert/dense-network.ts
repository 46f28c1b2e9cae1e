import { UserError } from '../../errors'
import type { NetworkDocument } from '../document'
import { expand } from '../expand'
import { numberOf } from './connections'
import { isConvolution, layersIn } from './residual'
import { type Form, survey, unitAt } from './survey'
import { bareConvolution, l2Pooling, normedConvolution, refill, transitionKind, transitionStride } from './transition'

/**
 * Brings the transitions of a network of dense blocks into a form, in place. L2 pooling keeps all channels; on the way back from it
 * a network with bottlenecks gets the compression of a half that DenseNet-BC has (Huang et al. 2017), one without keeps all.
 *
 * @throws UserError that says why it cannot have that form.
 */
export function convertDense(document: NetworkDocument, form: Form): void {
  const network = expand(document)
  const { dense, transitions } = survey(document)
  const compresses = dense.some(({ node }) => layersIn(node.nodes).filter(isConvolution).length > 1)
  // What an earlier transition hands on, all later ones get: dense blocks add the same number of channels to whatever enters.
  let more = 0
  for (const place of transitions) {
    const { node, homes, path, isInCopies } = place
    const kind = transitionKind(node)
    if (kind === 'none' || isInCopies)
      throw new UserError('this transition is neither a convolution, with norm and activation or bare, nor L2 pooling', {
        place: path,
        remedy: 'replace it by one of these, outside of repeated blocks',
      })
    const { entering, leaving } = unitAt(network, place)
    const channels = entering[2]! + more
    const stride = transitionStride(node)
    const last = layersIn([node])
      .filter(({ kind }) => kind === 'conv2d')
      .pop()
    const kept = last ? numberOf(last, 'filters') : compresses ? Math.max(Math.floor(channels / 2), 1) : channels
    const list = homes[homes.length - 1]!.list
    if (form === 'l2-pooling') {
      if (entering[0]! % stride || entering[1]! % stride)
        throw new UserError(
          `L2 pooling over ${stride}×${stride} needs a grid that ${stride} divides, but gets ${entering[0]}×${entering[1]}`,
          { place: path, remedy: 'use images with such a side' },
        )
      refill(list, node, l2Pooling(stride, 1))
    } else refill(list, node, form === 'projected' ? bareConvolution(kept, stride) : normedConvolution(kept, stride))
    more = (form === 'l2-pooling' ? channels : kept) - leaving[2]!
  }
}
