import type { PenaltyDefinition } from './definition'
import { kernel } from './kernel'
import { eye } from '../ops/eye'

/**
 * ‖K ⋆ K − I‖² of a convolution's filters, each correlated with all others at every shift of whole steps: orthogonality of the operator and not of the
 * kernel's matrix (Wang and others 2020, arXiv 1911.12207, whose step is the stride, with zeros ⌊(k − 1)/step⌋·step around). It sums what the operator's rows have in common with one
 * another, away from the image's edges; by columns the squares differ by a constant. A dense layer has its matrix.
 */
export const operator: PenaltyDefinition = {
  name: 'operator',
  title: 'Of the convolution’s operator',
  says: '‖K ⋆ K − I‖² of the filters at every shift',
  gradient(g, given, step) {
    if (given.shape.length === 2) return kernel.gradient(g, given, step)
    const [size, , , filters] = given.shape as [number, number, number, number]
    const zeros = Math.floor((size - 1) / step) * step
    // Filters as images, of which they are the filters.
    const images = g.padSpace(g.transpose(given, [3, 0, 1, 2]), zeros)
    const met = g.conv2d(images, given, step, 'valid')
    const [, shifts] = met.shape as [number, number]
    const middle = Math.floor(shifts / 2)
    const unit = g.padAlong(
      g.padAlong(g.reshape(eye(g, filters), [filters, 1, 1, filters]), 1, middle, shifts - 1 - middle),
      2,
      middle,
      shifts - 1 - middle,
    )
    const off = g.subtract(met, unit)
    const asImages = g.cropSpace(g.conv2dInputGradient(images.shape, given, off, step, 'valid'), zeros)
    const asFilters = g.conv2dKernelGradient(images, given.shape, off, step, 'valid')
    return g.scale(g.add(g.transpose(asImages, [1, 2, 3, 0]), asFilters), 2)
  },
}
