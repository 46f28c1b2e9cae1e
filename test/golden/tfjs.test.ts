import { createRequire } from 'node:module'
import type * as Tfjs from '@tensorflow/tfjs-node-gpu'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromDocument } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { expectClose, norm } from './support/compare'

/**
 * A second witness: the eager automatic differentiation of TensorFlow.js, of a network that the other references do not hold: biases,
 * a padding shortcut, max and average pooling, a unit's input that feeds three layers.
 */
const BATCH = 5
const conv = (id: string, filters: number, more: object = {}, inputs?: string[]) =>
  ({ id, kind: 'conv2d', attributes: { filters, ...more }, ...(inputs && { inputs }) }) // prettier-ignore
const layer = (id: string, kind: string, inputs?: string[], attributes: object = {}) => ({
  id,
  kind,
  attributes,
  ...(inputs && { inputs }),
})

const network = expand(
  networkFromDocument({
    format: 'normlab/network',
    version: 1,
    name: 'witness',
    nodes: [
      layer('input', 'input', undefined, { height: 9, width: 8, channels: 2 }),
      { id: 'stem', kind: 'block', unit: 'stem', nodes: [conv('conv', 4), layer('bn', 'batch-norm'), layer('relu', 'relu')] },
      {
        id: 'a',
        kind: 'block',
        unit: 'block',
        nodes: [
          conv('conv1', 4, { stride: 2 }, ['$input']),
          layer('bn1', 'batch-norm'),
          layer('relu1', 'relu'),
          conv('conv2', 7, { size: 2, bias: true }),
          layer('skip', 'padding-shortcut', ['$input'], { filters: 7, stride: 2 }),
          layer('pooled', 'max-pool', ['$input'], { size: 3, stride: 2, padding: 'same' }),
          layer('widened', 'concatenate', ['pooled', 'narrow']),
          conv('narrow', 3, { size: 1, stride: 2 }, ['$input']),
          layer('sum', 'add', ['conv2', 'skip', 'widened']),
        ],
        output: 'sum',
      },
      { id: 'b', kind: 'block', unit: 'transition', nodes: [layer('pool', 'l2-pool', undefined, { size: 1 }), layer('average', 'average-pool', undefined, { size: 2, stride: 2, padding: 'same' }), layer('twice', 'duplicate')] },
      { id: 'c', kind: 'block', unit: 'block', nodes: [layer('relu', 'relu', ['$input']), conv('conv', 14), layer('sum', 'add', ['$input', 'conv'])] },
      layer('pool', 'global-l2-pool'),
      layer('head', 'dense', undefined, { units: 3 }),
      layer('loss', 'softmax-cross-entropy'),
    ],
  }),
) // prettier-ignore

type Tf = typeof Tfjs
type Named = Readonly<Record<string, Tfjs.Tensor>>

/** The same network in the words of TensorFlow.js; `bend` adds nothing (a zero) to each boundary, and so takes its gradient. */
function energy(tf: Tf, images: Tfjs.Tensor4D, labels: Tfjs.Tensor1D, p: Named, bend: readonly Tfjs.Tensor[]): Tfjs.Scalar {
  const kernel = (name: string): Tfjs.Tensor4D => p[`${name}.kernel`] as Tfjs.Tensor4D
  const boundary = <T extends Tfjs.Tensor>(x: T, l: number): T => tf.add(x, bend[l]!) as T
  const x0 = boundary(images, 0)
  let stem: Tfjs.Tensor = tf.conv2d(x0, kernel('stem.conv'), 1, 'same')
  stem = tf.relu(batchNorm(tf, stem, p['stem.bn.gamma']!, p['stem.bn.beta']!))
  const x1 = boundary(stem, 1) as Tfjs.Tensor4D
  let branch: Tfjs.Tensor = tf.conv2d(x1, kernel('a.conv1'), 2, 'same')
  branch = tf.relu(batchNorm(tf, branch, p['a.bn1.gamma']!, p['a.bn1.beta']!))
  branch = tf.add(tf.conv2d(branch as Tfjs.Tensor4D, kernel('a.conv2'), 1, 'same'), p['a.conv2.bias']!)
  // Every second pixel, as an average over one.
  const skip = tf.pad(tf.avgPool(x1, 1, 2, 'same'), [[0, 0], [0, 0], [0, 0], [0, 3]]) // prettier-ignore
  const widened = tf.concat([tf.maxPool(x1, 3, 2, 'same'), tf.conv2d(x1, kernel('a.narrow'), 2, 'same')], 3)
  const x2 = boundary(tf.addN([branch, skip, widened]), 2)
  const pooled = tf.avgPool(tf.abs(x2) as Tfjs.Tensor4D, 2, 2, 'same')
  const x3 = boundary(tf.concat([pooled, pooled], 3), 3)
  const x4 = boundary(tf.add(x3, tf.conv2d(tf.relu(x3) as Tfjs.Tensor4D, kernel('c.conv'), 1, 'same')), 4)
  const features = tf.sqrt(tf.sum(tf.square(x4), [1, 2])) as Tfjs.Tensor2D
  const logits = tf.add(tf.matMul(features, p['head.kernel'] as Tfjs.Tensor2D), p['head.bias']!)
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(labels, 3)), 1))) as Tfjs.Scalar
}

function batchNorm(tf: Tf, x: Tfjs.Tensor, gamma: Tfjs.Tensor, beta: Tfjs.Tensor): Tfjs.Tensor {
  const mean = tf.mean(x, [0, 1, 2])
  const centred = tf.sub(x, mean)
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), [0, 1, 2]), 1e-5))
  return tf.add(tf.mul(gamma, tf.div(centred, deviation)), beta)
}

const random = new Random(7)
const images = Float32Array.from({ length: BATCH * 9 * 8 * 2 }, () => random.normal())
const labels = Int32Array.from({ length: BATCH }, () => random.integer(3))
let session: NetworkSession
let tf: Tf
let witness: { loss: number; gradients: ReadonlyMap<string, ArrayLike<number>>; norms: number[] }

beforeAll(() => {
  tf = createRequire(__filename)('@tensorflow/tfjs-node-gpu') as Tf
  session = new NetworkSession(network, {
    batch: BATCH,
    threads: 2,
  })
  const { slots } = session.graph.parameters
  const start = initialParameters(network, session.graph.parameters, 'he-fan-in', 3).map((value) => value + 0.1 * random.normal())
  session.set('parameters', start)

  const parameters = slots.map(({ offset, length, shape }) => tf.tensor(start.subarray(offset, offset + length), [...shape]))
  const shapes = [[9, 8, 2], [9, 8, 4], [5, 4, 7], [3, 2, 14], [3, 2, 14]] // prettier-ignore
  const bends = shapes.map((shape) => tf.zeros([BATCH, ...shape]))
  const f = (...all: Tfjs.Tensor[]): Tfjs.Scalar => {
    const named = Object.fromEntries(slots.map(({ name }, i) => [name, all[i]!]))
    return energy(tf, tf.tensor4d(images, [BATCH, 9, 8, 2]), tf.tensor1d(labels, 'int32'), named, all.slice(slots.length))
  }
  const { value, grads } = tf.valueAndGrads(f)([...parameters, ...bends])
  witness = {
    loss: value.dataSync()[0]!,
    gradients: new Map(slots.map(({ name }, i) => [name, grads[i]!.dataSync()])),
    norms: grads.slice(slots.length).map((gradient) => norm(gradient.dataSync())),
  }
})
afterAll(() => session.close())

it('has the loss, every gradient and every boundary norm that TensorFlow.js differentiates', () => {
  const { measures, gradients } = session.differentiate({ images, labels })
  expectClose([measures.loss], [witness.loss], 1e-5, 'witness loss')
  for (const { name, offset, length } of session.graph.parameters.slots)
    expectClose(gradients.subarray(offset, offset + length), witness.gradients.get(name)!, 1e-4, `witness grad/${name}`)
  expectClose(measures.norms, witness.norms, 1e-4, 'witness norms')
})

it('computes with the TensorFlow that the lab has prepared', () => {
  const backend = tf.backend() as unknown as { binding: { TF_Version: string } }
  expect(backend.binding.TF_Version).toBe('2.21.0')
})
