import { elements } from '../ops/op'
import type { PenaltyDefinition } from './definition'
import { eye } from '../ops/eye'

/**
 * ‖WᵀW − I‖² of the kernel as a matrix W, taps and input channels down, output channels across: soft orthogonality (Bansal, Chen and Wang 2018, arXiv
 * 1810.09102). Of a wide matrix ‖WWᵀ − I‖² differs from it by a constant, so the smaller product is taken. A filter that is orthogonal to the others in this
 * sense is not orthogonal to their shifted copies: the convolution need not be.
 */
export const kernel: PenaltyDefinition = {
  name: 'kernel',
  title: 'Soft, of the kernel’s matrix',
  says: '‖WᵀW − I‖² of the kernel as a matrix',
  gradient(g, given) {
    const columns = given.shape[given.shape.length - 1]!
    const rows = elements(given.shape.slice(0, -1))
    const w = g.reshape(given, [rows, columns])
    const isTall = rows >= columns
    const gram = g.matmul(w, w, isTall ? { a: true } : { b: true })
    const off = g.subtract(gram, g.reshape(eye(g, Math.min(rows, columns)), gram.shape))
    return g.reshape(g.scale(isTall ? g.matmul(w, off) : g.matmul(off, w), 4), given.shape)
  },
}
