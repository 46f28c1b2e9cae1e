import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import type { Sliding } from '../../../../shared/ops/padding'
import { newBefore } from '../../../../shared/ops/padding-shortcut'
import { DATA_TYPE, ModelProto } from '../../../formats/onnx/schema'
import type { Wanted } from '../../weights/layers'
import { convolutions } from './onnx-convolutions'
import { tokenLayers } from './onnx-tokens'
import { float, int, ints, type Message, OnnxWriter, type Write, windowOf } from './onnx-writer'
import type { OutgoingWeights } from './weights'

const others: Readonly<Record<string, Write>> = { ...convolutions, ...tokenLayers }

/** The first opset that has all that is written, group norm with a scale a channel the last of it. */
const OPSET = 21
const IR_VERSION = 10

/**
 * A network with its weights as the bytes of an ONNX file: images [n, channels, height, width] in, `images`; logits [n, classes] out, `logits`. Batch norm goes by its moving statistics and dropout
 * does nothing, as in evaluation; the loss is left out.
 *
 * @param notes What is said of it in the file.
 * @throws UserError for a layer that ONNX has no operator for.
 */
export function encodeOnnx(
  network: ExpandedNetwork,
  weights: OutgoingWeights,
  producer: string,
  notes: readonly string[],
): Uint8Array {
  const w = new OnnxWriter()
  const names: string[] = []
  network.layers.forEach((layer, at) => {
    if (at === network.loss) return
    const inputs = layer.inputs.map((input) => names[input]!)
    const output = at === network.logits ? 'logits' : layer.name
    names[at] = at === network.input ? 'images' : write(w, layer, inputs, output, weights)
  })
  // What passes its value on has no node that could be called so.
  if (names[network.logits] !== 'logits') w.node('Identity', [names[network.logits]!], 'logits')
  const [height, width, channels] = network.layers[network.input]!.shape
  const value = (name: string, sides: readonly number[]): Message => ({
    name,
    type: {
      tensor_type: {
        elem_type: DATA_TYPE.float,
        shape: { dim: [{ dim_param: 'n' }, ...sides.map((side) => ({ dim_value: side }))] },
      },
    },
  })
  return ModelProto.encode({
    ...{
      ir_version: IR_VERSION,
      producer_name: 'NormLab',
      producer_version: producer,
      doc_string: notes.join('\n'),
      opset_import: [{ domain: '', version: OPSET }],
    },
    graph: {
      ...{ name: network.name, node: w.nodes, initializer: w.initializers },
      input: [value('images', [channels!, height!, width!])],
      output: [value('logits', network.layers[network.logits]!.shape)],
    },
  }).finish()
}

const write: Write = (w, layer, inputs, output, weights) => {
  const { name, inputShapes, op } = layer
  const own = others[op.kind]
  if (own) return own(w, layer, inputs, output, weights)
  const valuesOf = (one: typeof layer, role: Wanted['role']) => weights.torch(one, role)
  const attributes = layer.attributes as Record<string, number> & Sliding & { side?: string }
  const tensor = (role: Wanted['role'], word: string): string[] => {
    const found = valuesOf(layer, role)
    return found ? [w.floats(`${name}.${word}`, found.dims, found.values)] : []
  }
  const isImage = inputShapes[0]?.length === 3
  const window = (): Message[] => windowOf(attributes, inputShapes[0]!)
  switch (op.kind) {
    case 'rms-norm': {
      const square = w.node('Mul', [inputs[0]!, inputs[0]!], `${name}.square`)
      const mean = w.node('ReduceMean', [square, w.integers(`${name}.axes`, [1])], `${name}.mean`)
      const more = w.node(
        'Add',
        [mean, w.floats(`${name}.epsilon`, [1], Float32Array.of(attributes['epsilon']!))],
        `${name}.more`,
      )
      const normalised = w.node('Div', [inputs[0]!, w.node('Sqrt', [more], `${name}.root`)], `${name}.normalised`)
      const { dims, values } = valuesOf(layer, 'scale')!
      return w.node('Mul', [normalised, w.floats(`${name}.weight`, isImage ? [...dims, 1, 1] : dims, values)], output)
    }
    case 'group-norm':
    case 'layer-norm': {
      if (isImage && op.kind === 'layer-norm' && layer.attributes['over'] === 'channels') {
        const parameters = [...tensor('scale', 'weight'), ...tensor('shift', 'bias')]
        const last = w.node('Transpose', inputs, `${name}.last`, [ints('perm', [0, 2, 3, 1])])
        const given = [int('axis', -1), float('epsilon', attributes['epsilon']!)]
        const normalised = w.node('LayerNormalization', [last, ...parameters], `${name}.normalised`, given)
        return w.node('Transpose', [normalised], output, [ints('perm', [0, 3, 1, 2])])
      }
      const groups = op.kind === 'layer-norm' ? 1 : attributes['groups']!
      const given = [int('num_groups', groups), float('epsilon', attributes['epsilon']!)]
      const parameters = [...tensor('scale', 'weight'), ...tensor('shift', 'bias')]
      if (isImage) return w.node('GroupNormalization', [...inputs, ...parameters], output, given)
      // The operator wants something behind the channels.
      const long = w.node('Unsqueeze', [inputs[0]!, w.integers(`${name}.axes`, [2])], `${name}.long`)
      return w.node('Flatten', [w.node('GroupNormalization', [long, ...parameters], `${name}.norm`, given)], output)
    }
    case 'scale': {
      const value = Float32Array.of(attributes['value']!)
      const factor = attributes['learned'] ? tensor('scale', 'weight') : [w.floats(`${name}.value`, [1], value)]
      return w.node('Mul', [...inputs, ...factor], output)
    }
    case 'shift':
      return w.node('Add', [...inputs, ...tensor('shift', 'bias')], output)
    case 'batch-norm': {
      const parameters = [
        ...tensor('scale', 'weight'),
        ...tensor('shift', 'bias'),
        ...tensor('mean', 'mean'),
        ...tensor('variance', 'variance'),
      ]
      return w.node('BatchNormalization', [...inputs, ...parameters], output, [
        float('epsilon', attributes['epsilon']!),
        float('momentum', attributes['momentum']!),
      ])
    }
    case 'abs':
      return w.node('Abs', inputs, output)
    case 'channels': {
      const [first, count] = [attributes['first']!, attributes['count']!]
      const told = [first, first + count, 1].map((value, i) => w.integers(`${name}.part${i}`, [value]))
      return w.node('Slice', [inputs[0]!, ...told], output)
    }
    case 'relu':
      return w.node('Relu', inputs, output)
    case 'clipped-relu':
      return w.node('Clip', [...inputs, ...ends(w, name, 0, attributes['most']!)], output)
    case 'sigmoid':
      return w.node('Sigmoid', inputs, output)
    case 'hard-sigmoid':
      return w.node('HardSigmoid', inputs, output, [float('alpha', 1 / 6), float('beta', 0.5)])
    case 'hard-swish':
      return w.node('HardSwish', inputs, output)
    case 'leaky-relu':
      return w.node('LeakyRelu', inputs, output, [float('alpha', attributes['slope']!)])
    case 'elu':
      return w.node('Elu', inputs, output)
    case 'gelu':
      return w.node('Gelu', inputs, output)
    case 'tanh':
      return w.node('Tanh', inputs, output)
    case 'swish':
      return w.node('Mul', [inputs[0]!, w.node('Sigmoid', inputs, `${name}.sigmoid`)], output)
    case 'dropout':
      return inputs[0]!
    case 'add':
      return w.node(inputs.length === 2 ? 'Add' : 'Sum', inputs, output)
    case 'multiply': {
      // A vector weighs an image's channels.
      const spread = (x: string, at: number): string =>
        inputShapes[at]!.length === layer.shape.length
          ? x
          : w.node('Unsqueeze', [x, w.integers(`${name}.axes`, [2, 3])], `${name}.weight`)
      return w.node('Mul', inputs.map(spread), output)
    }
    case 'concatenate':
      return w.node('Concat', inputs, output, [int('axis', 1)])
    case 'duplicate':
      return w.node('Concat', Array<string>(attributes['times']!).fill(inputs[0]!), output, [int('axis', 1)])
    case 'max-pool':
      return w.node('MaxPool', inputs, output, window())
    case 'average-pool':
      return w.node('AveragePool', inputs, output, [...window(), int('count_include_pad', attributes.padding === 'same' ? 0 : 1)])
    case 'l2-pool':
      return w.node('LpPool', inputs, output, [
        ints('kernel_shape', [attributes.size, attributes.size]),
        ints('strides', [attributes.size, attributes.size]),
        int('p', 2),
      ])
    case 'global-average-pool':
      return w.node('Flatten', [w.node('GlobalAveragePool', inputs, `${name}.mean`)], output)
    case 'global-l2-pool':
      return w.node('Flatten', [w.node('GlobalLpPool', inputs, `${name}.root`, [int('p', 2)])], output)
    case 'dense': {
      const flat = isImage ? w.node('Flatten', inputs, `${name}.flat`) : inputs[0]!
      return w.node('Gemm', [flat, ...tensor('kernel', 'weight'), ...tensor('bias', 'bias')], output, [int('transB', 1)])
    }
    case 'padding-shortcut': {
      const { stride } = attributes
      const added = attributes['filters']! - inputShapes[0]![2]!
      const before = newBefore(attributes.side as 'after' | 'both', added)
      const places = [
        [0, 0],
        [2 ** 31 - 1, 2 ** 31 - 1],
        [2, 3],
        [stride, stride],
      ].map((values, i) => w.integers(`${name}.slice${i}`, values))
      const kept = stride === 1 ? inputs[0]! : w.node('Slice', [inputs[0]!, ...places], `${name}.kept`)
      return w.node('Pad', [kept, w.integers(`${name}.pads`, [0, before, 0, 0, 0, added - before, 0, 0])], output)
    }
    default:
      throw new UserError(`ONNX has no operator for the layer "${op.title}"`, {
        place: name,
        remedy: 'put another layer in its place, or keep the network as JSON',
      })
  }
}

/** The interval that a Clip leaves, as two numbers. */
const ends = (w: OnnxWriter, name: string, least: number, most: number): string[] =>
  Object.entries({ least, most }).map(([word, value]) => w.floats(`${name}.${word}`, [], Float32Array.of(value)))
