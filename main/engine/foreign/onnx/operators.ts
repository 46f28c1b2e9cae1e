import { clip, dropout, elu, gelu, hardSigmoid, leakyRelu, swish } from './activations'
import { add, divide, multiply } from './arithmetic'
import { attention, multiHead, softmax } from './attention'
import { gemm, matMul } from './dense'
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from './norms'
import type { Operator } from './operator'
import { concat, flatten, pad, reduceMean, reshape, slice, squeeze, unsqueeze } from './reshaping'
import { conv, l2Pool, pool } from './sliding'
import { gather } from './gather'
import { transpose } from './turned'
import { isToWhole } from './worked-out'

/** Leaves a value as it is. */
const passes: Operator = (node, c) => c.value(node.inputs[0])

/** A layer without attributes of its own. */
const plain =
  (kind: string): Operator =>
  (node, c) =>
    c.layer(node, kind, {}, [node.inputs[0]])

/** Each operator of ONNX that there is a layer for: https://onnx.ai/onnx/operators. */
const table: Readonly<Record<string, Operator>> = {
  Identity: passes,
  Cast: (node, c) => (isToWhole(node) ? { why: 'it cuts numbers to whole ones' } : passes(node, c)),
  Conv: conv,
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  InstanceNormalization: instanceNorm,
  Unsqueeze: unsqueeze,
  Relu: plain('relu'),
  LeakyRelu: leakyRelu,
  Elu: elu,
  Gelu: gelu,
  Tanh: plain('tanh'),
  Abs: plain('abs'),
  Swish: swish,
  Sigmoid: plain('sigmoid'),
  HardSigmoid: hardSigmoid,
  HardSwish: plain('hard-swish'),
  Mul: multiply,
  Div: divide,
  Clip: clip,
  Dropout: dropout,
  Add: add,
  Sum: add,
  Concat: concat,
  MaxPool: pool('max-pool'),
  AveragePool: pool('average-pool'),
  GlobalAveragePool: plain('global-average-pool'),
  LpPool: l2Pool,
  GlobalLpPool: (node, c) =>
    node.attributes.int('p', 2) === 2
      ? c.layer(node, 'global-l2-pool', {}, [node.inputs[0]])
      : { why: 'its norm is not the Euclidean one' },
  ReduceMean: reduceMean,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Pad: pad,
  Slice: slice,
  Gemm: gemm,
  MatMul: matMul,
  Transpose: transpose,
  Gather: gather,
  Softmax: softmax,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  Attention: attention,
  MultiHeadAttention: multiHead,
}

/** By name: a file may call an operator anything. */
export const operators: ReadonlyMap<string, Operator> = new Map(Object.entries(table))
