import type { Constant, OnnxNode } from '../../../formats/onnx/model'
import { multiplied } from './attention'
import { perColumn } from './columns'
import { expandedConstant, reshapedConstant } from './constants'
import type { Converter } from './converter'
import type { Operator, Outcome } from './operator'
import { perToken, torch } from './tokens'

/** Products with a matrix of weights. */

export const gemm: Operator = (node, c) => {
  const { attributes } = node
  const kernel = c.constant(node.inputs[1])
  const added = c.constant(node.inputs[2])
  if (!kernel || (node.inputs[2] && !added)) return { why: 'its weights are no constants' }
  if (attributes.float('alpha', 1) !== 1 || attributes.float('beta', 1) !== 1 || attributes.int('transA', 0) !== 0)
    return { why: 'it scales or turns what it multiplies' }
  const columns = kernel.dims.at(attributes.int('transB', 0) === 1 ? 0 : -1) ?? 0
  const bias = perColumn(added, columns) ?? repeated(c, added, columns)
  if (added && !bias) return { why: 'what it adds is not a number a column' }
  // Of PyTorch, it may be of the last of more than two axes.
  if (attributes.int('last', 0) === 1) return perToken(c, node.name, c.view(node.inputs[0]), kernel, bias)
  return dense(node, c, kernel, bias, attributes.int('transB', 0) === 1)
}

/** One number that is added to each column. */
function repeated(c: Converter, added: Constant | undefined, columns: number): Constant | undefined {
  if (added?.length !== 1) return undefined
  const one = reshapedConstant(added, [1])
  c.list.say(
    'approximated',
    'a number that a dense layer adds to each of its features is one for each here, and they learn apart',
  )
  return one && expandedConstant(one, [columns])
}

export function dense(
  node: OnnxNode,
  c: Converter,
  kernel: Pick<Constant, 'dims' | 'floats'>,
  bias: Constant | undefined,
  isTurned: boolean,
): Outcome {
  if (kernel.dims.length !== 2) return { why: `its weights have ${kernel.dims.length} axes` }
  const [rows, columns] = kernel.dims as [number, number]
  const value = c.value(node.inputs[0])
  if ('axes' in value) {
    const read = (): Float32Array => transposed(kernel.floats(), rows, columns)
    return perToken(c, node.name, c.viewOf(value), isTurned ? kernel : { dims: [columns, rows], floats: read }, bias)
  }
  const units = isTurned ? rows : columns
  return c.layer(node, 'dense', { units, ...(!bias && { bias: false }) }, [node.inputs[0]], {
    kernel: isTurned
      ? torch(kernel)
      : { shape: [columns, rows], order: 'torch', read: () => transposed(kernel.floats(), rows, columns) },
    ...(bias && { bias: { ...torch(bias), shape: bias.dims.filter((side) => side !== 1 || bias.length === 1) } }),
  })
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!
  return result
}

export const matMul: Operator = (node, c) => {
  const kernel = c.constant(node.inputs[1])
  return kernel
    ? dense(node, c, kernel, c.biasBehind(node, kernel.dims.at(-1) ?? 0), false)
    : multiplied(c, node.name, node.inputs[0], node.inputs[1])
}
