import { isDeepStrictEqual } from 'node:util'
import type { OnnxNode } from '../../../formats/onnx/model'
import { scaledProducts } from './attention'
import { timesChannels } from './channel-factors'
import { single } from './axes'
import type { Converter } from './converter'
import type { Operator, Outcome } from './operator'
import { affine } from './norms'
import { onceForAll, position, torch } from './tokens'
import { times } from './views'

/** Sums and products of values, and of a value with a constant. */

export const add: Operator = (node, c) => {
  if (node.inputs.some((name) => 'products' in c.value(name))) return { why: 'it masks an attention' }
  return withOne(node, c, 'shift') ?? c.layer(node, 'add', {}, node.inputs)
}

/** A value with a constant: one number is learned here, and more are not known. */
function withOne(node: OnnxNode, c: Converter, kind: 'scale' | 'shift'): Outcome | undefined {
  const at = node.inputs.findIndex((name) => c.constant(name))
  if (at < 0) return undefined
  const constant = c.constant(node.inputs[at])!
  const other = c.value(node.inputs[1 - at])
  const normed = node.inputs.length === 2 ? affine(c, node.inputs[1 - at]!, constant, kind) : undefined
  if (normed) return normed
  if (kind === 'shift' && constant.length !== 1 && node.inputs.length === 2) {
    const view = c.viewOf(other)
    const added = position(c, node.name, view, view ? onceForAll(c, view, constant) : constant)
    if (added) return added
  }
  if (kind === 'scale' && constant.length === 1 && node.inputs.length === 2) {
    if ('products' in other) return scaledProducts(c, other.products, constant)
    if ('layer' in other && other.axes) return times(c, { ...other, axes: other.axes }, constant)
  }
  const multiplied = kind === 'scale' && node.inputs.length === 2 ? timesChannels(c, node.inputs[1 - at]!, constant) : undefined
  if (multiplied) return multiplied
  if (constant.length !== 1 || node.inputs.length !== 2)
    return { why: kind === 'shift' ? 'it adds a constant' : 'it multiplies by a constant' }
  return c.layer(node, kind, {}, [node.inputs[1 - at]], { [kind]: { ...torch(constant), shape: [1] } })
}

/** x·σ(x) is a swish. */
export const multiply: Operator = (node, c) =>
  swished(node, c) ?? withOne(node, c, 'scale') ?? { why: 'it multiplies two values' }

/** A value times its own sigmoid, which is then no layer by itself unless something else takes it too. */
function swished(node: OnnxNode, c: Converter): Outcome | undefined {
  const gate = node.inputs.find((name, at) => {
    const sigmoid = c.maker(name)
    return sigmoid?.op === 'Sigmoid' && isDeepStrictEqual(c.value(sigmoid.inputs[0]), c.value(node.inputs[1 - at]))
  })
  const value = c.value(gate)
  if (node.inputs.length !== 2 || !('layer' in value)) return undefined
  c.list.spare(value.layer)
  // On what the sigmoid is on, which may be a layer that was put there for it.
  const { inputs } = c.list.layers[value.layer]!
  return { ...value, layer: c.list.add({ name: node.name, kind: 'swish', attributes: {}, inputs }) }
}

/** By a number, which is a product with one over it. */
export const divide: Operator = (node, c) => {
  const constant = c.constant(node.inputs[1])
  const by = constant?.length === 1 && constant.isNoNumber !== true ? (constant.integers() ?? constant.floats())[0] : undefined
  if (!constant || !by || !Number.isFinite(1 / by)) return { why: 'it divides by something other than a number' }
  const other = c.value(node.inputs[0])
  const inverse = { ...c.filled(1, 1 / by), isTold: true }
  if ('products' in other) return scaledProducts(c, other.products, inverse)
  if ('layer' in other && other.axes) return times(c, { ...other, axes: other.axes }, inverse)
  return c.layer(node, 'scale', { value: single(1 / by), learned: false }, [node.inputs[0]])
}
