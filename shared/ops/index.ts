import { absolute } from './absolute'
import { add } from './add'
import { attention } from './attention'
import { averagePool } from './average-pool'
import { batchNorm } from './batch-norm'
import { channels } from './channels'
import { classToken } from './class-token'
import { clippedRelu } from './clipped-relu'
import { concatenate } from './concatenate'
import { conv2d } from './conv2d'
import { dense } from './dense'
import { depthwiseConv2d } from './depthwise-conv2d'
import { dropout } from './dropout'
import { duplicate } from './duplicate'
import { elu } from './elu'
import { gelu } from './gelu'
import { globalAveragePool } from './global-average-pool'
import { globalL2Pool } from './global-l2-pool'
import { groupNorm } from './group-norm'
import { hardSigmoid } from './hard-sigmoid'
import { hardSwish } from './hard-swish'
import { input } from './input'
import { l2Pool } from './l2-pool'
import { layerNorm } from './layer-norm'
import { leakyRelu } from './leaky-relu'
import { maxPool } from './max-pool'
import type { OpDefinition } from './op'
import { multiply } from './multiply'
import { orthogonalConv2d } from './orthogonal-conv2d'
import { paddingShortcut } from './padding-shortcut'
import { position } from './position'
import { reflectionConv2d } from './reflection-conv2d'
import { relu } from './relu'
import { rmsNorm } from './rms-norm'
import { scale } from './scale'
import { shift } from './shift'
import { sigmoid } from './sigmoid'
import { skewConv2d } from './skew-conv2d'
import { softmaxCrossEntropy } from './softmax-cross-entropy'
import { swish } from './swish'
import { tanh } from './tanh'
import { token } from './token'
import { wsConv2d } from './ws-conv2d'

/** Every kind of layer. To add one: its file, and its line here. */
const definitions = [
  input,
  conv2d,
  depthwiseConv2d,
  wsConv2d,
  orthogonalConv2d,
  skewConv2d,
  reflectionConv2d,
  batchNorm,
  groupNorm,
  layerNorm,
  rmsNorm,
  scale,
  shift,
  relu,
  clippedRelu,
  leakyRelu,
  elu,
  gelu,
  swish,
  hardSwish,
  sigmoid,
  hardSigmoid,
  tanh,
  absolute,
  attention,
  position,
  classToken,
  token,
  dropout,
  add,
  multiply,
  concatenate,
  channels,
  averagePool,
  maxPool,
  globalAveragePool,
  l2Pool,
  globalL2Pool,
  duplicate,
  paddingShortcut,
  dense,
  softmaxCrossEntropy,
]

// Each definition types its own attributes; in the registry they are whatever its schema has let through.
export const ops: ReadonlyMap<string, OpDefinition> = new Map(definitions.map((op) => [op.kind, op as unknown as OpDefinition]))

/** What does the same to each value by itself, and learns nothing. */
export const isActivation = (kind: string): boolean => ops.get(kind)?.category === 'Activation'

/** Whether it divides by what it finds among its values: batch, group, layer and RMS norm. */
export const isNorm = (kind: string): boolean => ops.has(kind) && kind.endsWith('-norm')

/** Whether it leaves what others are weighed by, between 0 and 1. */
export const isGating = (kind: string): boolean => kind === 'sigmoid' || kind === 'hard-sigmoid'

export type { Shape } from './op'
