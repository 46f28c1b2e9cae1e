import type { Tensor } from '../../../../shared/ops/graph'
import type { UpdateGraph } from '../../../../shared/optimisers/definition'
import type { KernelOperator } from '../kernel-operator'
import type { TensorGraph } from '../tensor-graph'
import { isometries } from './isometries'
import { KernelSides, where } from './sides'

/**
 * The words in which optimisers say their updates.
 *
 * @param kernels What lies in the vector that is updated, for those that ask. @param longest The longest side that has matrices.
 */
export function wordsOf(g: TensorGraph, kernels: () => readonly KernelOperator[], longest = 0): UpdateGraph {
  let known: KernelSides | undefined
  const sides = (): KernelSides => (known ??= new KernelSides(g, kernels(), longest))
  return {
    constant: (value, shape, dtype) => g.constant(value, shape, dtype),
    add: (a, b) => g.add(a, b),
    subtract: (a, b) => g.subtract(a, b),
    multiply: (a, b) => g.multiply(a, b),
    divide: (a, b) => g.divide(a, b),
    scale: (a, factor) => g.scale(a, factor),
    square: (a) => g.square(a),
    squareRoot: (a) => g.squareRoot(a),
    fed: (name) => g.placeholder(name, []),
    isometries: (x: Tensor, method, gain) => isometries(g, x, kernels(), method, gain),
    gramians: (x) => sides().gramians(x),
    inBases: (x, bases, back) => sides().inBases(x, bases, back),
    eigenbases: (gramians) => sides().eigenbases(gramians),
    powerStep: (gramians, bases, along) => sides().powerStep(gramians, bases, along),
    where: (name, inputs, make, otherwise) => where(g, g.placeholder(name, []), inputs, make, otherwise),
  }
}
