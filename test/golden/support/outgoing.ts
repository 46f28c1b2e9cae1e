import path from 'node:path'
import { expand, networkFromPreset } from '../../../shared/architecture'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { SafetensorsReader, writeSafetensors } from '../../../main/formats/safetensors'
import { NetworkSession } from '../../../main/engine/network-session'
import { readStatistics, readWeights } from '../../../main/engine/weights'
import { namedTensors } from '../../../main/engine/tasks/tensors'
import { Random } from '../../../shared/random'

/** Networks that go out in other programs' forms. */

const layer = (id: string, kind: string, attributes: Record<string, unknown> = {}, inputs?: string[]): NetworkNode => ({
  ...{ id, kind, attributes },
  ...(inputs && { inputs }),
})

/** A layer of each kind, with windows that lie in every way, and blocks of every wiring. */
const zoo: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'zoo' },
  nodes: [
    layer('input', 'input', { height: 17, width: 18, channels: 3 }),
    layer('type', 'conv2d', { filters: 8, stride: 2, bias: true }),
    {
      ...{ id: 'windows', kind: 'block' },
      nodes: [
        layer('symmetric', 'conv2d', { filters: 8, size: 4, padding: 'symmetric', groups: 2 }),
        layer('a-b', 'depthwise-conv2d', { multiplier: 2, padding: 'explicit', zeros: 1 }),
        layer('a_b', 'leaky-relu', { slope: 0.2 }),
        layer('wide', 'conv2d', { filters: 6, dilation: 2 }),
        layer('pool', 'max-pool', { size: 3, stride: 1, padding: 'same' }),
        layer('even', 'average-pool', { size: 2, stride: 1, padding: 'same' }),
        layer('odd', 'average-pool', { size: 3, stride: 1, padding: 'same' }),
        layer('mean', 'average-pool', { size: 3, stride: 1, padding: 'symmetric' }),
        layer('most', 'max-pool', { size: 2, stride: 1, padding: 'same' }),
        layer('norm', 'group-norm', { groups: 3 }),
        layer('gelu', 'gelu'),
        layer('drop', 'dropout'),
      ],
    },
    {
      ...{ id: 'pair', kind: 'block', repeat: 3, inputs: ['windows', 'windows'] },
      nodes: [
        layer('own', 'ws-conv2d', { filters: 6, bias: true }, ['$input']),
        layer('elu', 'elu'),
        layer('learned', 'scale', { value: 0.5 }),
        layer('half', 'scale', { value: 0.25, learned: false }),
        layer('shift', 'shift', { value: 0.1 }),
        layer('sum', 'add', {}, ['shift', '$input1', '$input']),
      ],
    },
    {
      ...{ id: 'grown', kind: 'block', repeat: 2 },
      nodes: [
        layer('norm', 'layer-norm', {}, ['$input']),
        layer('swish', 'swish'),
        layer('conv', 'ws-conv2d', { filters: 3 }),
        layer('joined', 'concatenate', {}, ['$input', 'conv']),
      ],
    },
    {
      ...{ id: 'down', kind: 'block' },
      nodes: [
        layer('conv', 'conv2d', { filters: 16, stride: 2 }, ['$input']),
        layer('tanh', 'tanh'),
        layer('shortcut', 'padding-shortcut', { filters: 16, side: 'both' }, ['$input']),
        layer('sum', 'add', {}, ['conv', 'shortcut', 'tanh']),
      ],
    },
    layer('twice', 'duplicate'),
    layer('pad', 'conv2d', { filters: 5, size: 2, padding: 'explicit', zeros: 1 }),
    layer('l2', 'l2-pool', { size: 3 }),
    layer('hidden', 'dense', { units: 12 }),
    layer('bn', 'batch-norm', { momentum: 0.99, epsilon: 1e-3 }),
    layer('relu', 'relu'),
    layer('head', 'dense', { units: 4, bias: false }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

/** Norms of single images, of images and of features, and what they are scaled and shifted by. */
const norms: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'norms' },
  nodes: [
    layer('input', 'input', { height: 6, width: 6, channels: 3 }),
    layer('conv', 'ws-conv2d', { filters: 8 }),
    layer('group', 'group-norm', { groups: 2 }),
    layer('relu', 'relu'),
    layer('scale', 'scale', { value: 0.5 }),
    layer('layer', 'layer-norm'),
    layer('pool', 'global-average-pool'),
    layer('hidden', 'dense', { units: 9 }),
    layer('shift', 'shift'),
    layer('features', 'group-norm', { groups: 3, epsilon: 1e-3 }),
    layer('head', 'dense', { units: 4 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

/** Tokens of chance before an image's, one of which is read, absolute values and some of the channels. */
const parts: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'parts' },
  nodes: [
    layer('input', 'input', { height: 6, width: 4, channels: 3 }),
    layer('conv', 'conv2d', { filters: 7, size: 2, stride: 2 }),
    layer('abs', 'abs'),
    {
      ...{ id: 'halves', kind: 'block', repeat: 2 },
      nodes: [
        layer('front', 'channels', { count: 4 }, ['$input']),
        layer('sum', 'conv2d', { filters: 3, size: 1 }),
        layer('behind', 'channels', { first: 4, count: 3 }, ['$input']),
        layer('both', 'add', {}, ['sum', 'behind']),
        layer('joined', 'concatenate', {}, ['front', 'both']),
      ],
    },
    layer('tokens', 'class-token', { tokens: 2 }),
    layer('positions', 'position'),
    {
      ...{ id: 'attend', kind: 'block' },
      nodes: [
        ...['q', 'k', 'v'].map((id) => layer(id, 'conv2d', { filters: 6, size: 1, bias: true }, ['$input'])),
        layer('heads', 'attention', { heads: 2 }, ['q', 'k', 'v']),
        layer('out', 'conv2d', { filters: 7, size: 1 }),
        layer('sum', 'add', {}, ['out', '$input']),
      ],
    },
    layer('token', 'token', { place: 1 }),
    layer('head', 'dense', { units: 3 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

/** Convolutions that are orthogonal by construction: around the edges in every way, side by side, of one pixel, and reflections. */
const orthogonal: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'orthogonal' },
  nodes: [
    layer('input', 'input', { height: 8, width: 12, channels: 3 }),
    {
      ...{ id: 'stem', kind: 'block' },
      nodes: [
        layer('conv', 'orthogonal-conv2d', { filters: 8, bias: true }, ['$input']),
        layer('abs', 'abs'),
        layer('part', 'channels', { first: 1, count: 6 }),
      ],
    },
    {
      ...{ id: 'odd', kind: 'block', repeat: 2 },
      nodes: [
        layer('reflect', 'reflection-conv2d', { filters: 4, bias: true }, ['$input']),
        layer('even', 'reflection-conv2d', { filters: 3, size: 2 }),
        layer('behind', 'orthogonal-conv2d', { filters: 6, size: 2 }),
      ],
    },
    layer('down', 'orthogonal-conv2d', { filters: 8, size: 4, stride: 2 }),
    layer('relu', 'relu'),
    layer('windows', 'orthogonal-conv2d', { filters: 12, size: 2, stride: 2, bias: true }),
    layer('pixel', 'orthogonal-conv2d', { filters: 5, size: 1 }),
    layer('plane', 'reflection-conv2d', { filters: 5, size: 1, bias: true }),
    layer('head', 'dense', { units: 4 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

/** Skew convolutions that widen, keep and narrow, and windows side by side: what needs nothing of the other edge. */
const skew: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'skew' },
  nodes: [
    layer('input', 'input', { height: 5, width: 6, channels: 3 }),
    layer('widen', 'skew-conv2d', { filters: 5, bias: true }),
    layer('abs', 'abs'),
    {
      ...{ id: 'kept', kind: 'block', repeat: 2 },
      nodes: [
        layer('conv', 'skew-conv2d', { filters: 5, size: 5, terms: 4 }, ['$input']),
        layer('tanh', 'tanh'),
        layer('sum', 'add', {}, ['tanh', '$input']),
      ],
    },
    layer('pixel', 'skew-conv2d', { filters: 5, size: 1, bias: true }),
    layer('narrow', 'skew-conv2d', { filters: 4, bias: true, terms: 6 }),
    layer('relu', 'relu'),
    layer('pool', 'global-average-pool'),
    layer('head', 'dense', { units: 3 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

/** Activations that end somewhere, and products. */
const clipped: NetworkDocument = {
  ...{ format: 'normlab/network', version: 1, name: 'clipped' },
  nodes: [
    layer('input', 'input', { height: 6, width: 6, channels: 3 }),
    layer('conv1', 'conv2d', { filters: 8, bias: true }),
    layer('short', 'clipped-relu', { most: 0.75 }),
    layer('conv2', 'conv2d', { filters: 8, start: 4 }),
    layer('relu6', 'clipped-relu'),
    layer('conv3', 'conv2d', { filters: 6 }),
    layer('hard-swish', 'hard-swish'),
    {
      ...{ id: 'gate', kind: 'block' },
      nodes: [
        layer('means', 'global-average-pool', {}, ['$input']),
        layer('excite', 'dense', { units: 6 }),
        layer('hard', 'hard-sigmoid'),
        layer('channels', 'multiply', {}, ['hard', '$input']),
        layer('map', 'conv2d', { filters: 1 }),
        layer('sigmoid', 'sigmoid'),
        layer('places', 'multiply', {}, ['channels', 'sigmoid']),
        layer('sum', 'add', {}, ['$input', 'places']),
        layer('square', 'multiply', {}, ['sum', 'sum']),
      ],
    },
    layer('pool', 'global-average-pool'),
    layer('dense1', 'dense', { units: 9 }),
    layer('hard-sigmoid', 'hard-sigmoid'),
    layer('dense2', 'dense', { units: 9 }),
    layer('sigmoid', 'sigmoid'),
    layer('head', 'dense', { units: 4 }),
    layer('loss', 'softmax-cross-entropy'),
  ],
}

export const outgoing: readonly NetworkDocument[] = [
  ...[
    'proc-resnet:blocks=2,planes=2/4,input=8x8x3',
    'proc-resnet-v1:blocks=2,planes=2/4,input=8x8x3',
    'preact-resnet:blocks=2,input=8x8x3',
    'resnet:blocks=2,widths=4/8,input=9x9x1',
    'resnet:blocks=2,planes=2/4,block=bottleneck,shortcut=pooling,padding=symmetric,input=8x8x3',
    'resnet:blocks=1,widths=4/8,shortcut=padding,input=8x8x3',
    'densenet-bc:input=8x8x3',
    'normfree-resnet:blocks=2,input=8x8x3',
    'se-resnet:blocks=2,widths=4/8,ratio=2,input=8x8x3',
    'residual-mlp:input=4x4x1',
    'vit:blocks=2,width=8,heads=2,patch=4,input=8x8x3',
    'vit:blocks=1,placement=deepnorm,norm=rms,width=4,heads=2,patch=4,input=8x8x1',
  ].map((words) => networkFromPreset(words)),
  norms,
  zoo,
  parts,
  skew,
  clipped,
]

/** Those in which something goes on at one edge where it ends at the other, for which the lab has no layer that another program's would be taken for. */
export const wrapping: readonly NetworkDocument[] = [orthogonal]

/** Weights of chance and the logits of two images that the lab has with them, as `NAME.weights` and `NAME.asked` in a folder. */
export function writeAsked(document: NetworkDocument, folder: string, name: string): { weights: string; asked: string } {
  const network = expand(document)
  const session = new NetworkSession(network, { batch: 2, threads: 1 })
  try {
    const random = new Random(7)
    const { parameters, statistics } = session.graph
    const values = new Float32Array(parameters.length)
    for (const { offset, length, shape, role } of parameters.slots) {
      const spread = role === 'kernel' ? Math.sqrt(1.5 / shape.slice(0, -1).reduce((a, b) => a * b, 1)) : 0.2
      for (let i = 0; i < length; i++) values[offset + i] = random.normal() * spread + (role === 'scale' ? 1 : 0)
    }
    const moving = new Float32Array(statistics.length)
    for (const { offset, length, role } of statistics.slots)
      for (let i = 0; i < length; i++) moving[offset + i] = role === 'mean' ? 0.2 * random.normal() : 0.5 + random.uniform()
    session.set('parameters', values)
    if (moving.length > 0) session.set('statistics', moving)
    const [height, width, channels] = network.layers[network.input]!.shape
    const images = Float32Array.from({ length: 2 * height! * width! * channels! }, () => random.normal())
    const logits = session.evaluate(images)
    const files = { weights: path.join(folder, `${name}.weights`), asked: path.join(folder, `${name}.asked`) }
    writeSafetensors(files.weights, [
      ...namedTensors(values, parameters, ''),
      ...(moving.length > 0 ? namedTensors(moving, statistics, 'statistics/') : []),
    ])
    writeSafetensors(files.asked, [
      { name: 'images', shape: [2, height!, width!, channels!], data: images },
      { name: 'logits', shape: [2, logits.length / 2], data: Float32Array.from(logits) },
    ])
    return files
  } finally {
    session.close()
  }
}

/** Logits and images as they were written. */
export function readAsked(file: string): readonly [logits: Float32Array, images: Float32Array] {
  const asked = SafetensorsReader.open(file)
  try {
    return [asked.readFloats('logits'), asked.readFloats('images')]
  } finally {
    asked.close()
  }
}

/** What the lab makes of two images with weights that were taken in. */
export function logitsOf(document: NetworkDocument, weights: string, images: Float32Array): Float32Array {
  const session = new NetworkSession(expand(document), { batch: 2, threads: 1 })
  const reader = SafetensorsReader.open(weights)
  try {
    session.set('parameters', readWeights(reader, session.graph.parameters))
    if (session.graph.statistics.length > 0) session.set('statistics', readStatistics(reader, session.graph.statistics))
    return Float32Array.from(session.evaluate(images))
  } finally {
    for (const open of [reader, session]) open.close()
  }
}
