import { clipped } from '../clipped'
import { DROPS } from './attention'
import { single } from './axes'
import type { Operator } from './operator'

/** Activations with attributes, and dropout. */

export const clip: Operator = (node, c) => {
  const isOpen = [1, 2].some((at) => node.inputs[at] && c.constant(node.inputs[at])?.length !== 1)
  if (isOpen) return { why: 'its bounds are no constants' }
  const bound = (at: number, name: string): number | undefined =>
    node.inputs[at]
      ? c.constant(node.inputs[at])?.floats()[0]
      : node.attributes.has(name)
        ? node.attributes.float(name, 0)
        : undefined
  const [low, high] = [bound(1, 'min'), bound(2, 'max')]
  if (low !== 0) return { why: 'it clips to an interval that does not begin with 0' }
  if (high === undefined) return c.layer(node, 'relu', {}, [node.inputs[0]])
  const relu = clipped(single(high))
  return relu
    ? c.layer(node, relu.kind, relu.attributes, [node.inputs[0]])
    : { why: 'it clips to an interval that ends before it begins' }
}

/** PyTorch's and Keras's rises by a sixth, where ONNX has a fifth unless told. */
export const hardSigmoid: Operator = (node, c) =>
  single(node.attributes.float('alpha', 0.2)) === single(1 / 6) && node.attributes.float('beta', 0.5) === 0.5
    ? c.layer(node, 'hard-sigmoid', {}, [node.inputs[0]])
    : { why: 'it does not rise by a sixth from a half' }

export const leakyRelu: Operator = (node, c) => {
  const slope = single(node.attributes.float('alpha', 0.01))
  return c.layer(node, 'leaky-relu', slope === 0.01 ? {} : { slope }, [node.inputs[0]])
}

export const elu: Operator = (node, c) =>
  node.attributes.float('alpha', 1) === 1
    ? c.layer(node, 'elu', {}, [node.inputs[0]])
    : { why: 'its slope far below zero is not 1' }

export const swish: Operator = (node, c) =>
  node.attributes.float('alpha', 1) === 1
    ? c.layer(node, 'swish', {}, [node.inputs[0]])
    : { why: 'what enters its sigmoid is multiplied with a number other than 1' }

export const gelu: Operator = (node, c) => {
  if (node.attributes.text('approximate', 'none') !== 'none')
    c.list.say('approximated', 'a GELU by tanh is taken as the exact one')
  return c.layer(node, 'gelu', {}, [node.inputs[0]])
}

/** In evaluation it does nothing; its rate is an input from opset 12 on. */
export const dropout: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  if ('products' in value) {
    c.list.say('left', DROPS)
    return value
  }
  const rate = single(node.inputs[1] ? (c.constant(node.inputs[1])?.floats()[0] ?? 0.5) : node.attributes.float('ratio', 0.5))
  return c.layer(node, 'dropout', rate === 0.5 ? {} : { rate }, [node.inputs[0]])
}
