import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import { padsAround, type Sliding } from '../../../../shared/ops/padding'
import { newBefore } from '../../../../shared/ops/padding-shortcut'
import { ATTRIBUTE_TYPE, DATA_TYPE, ModelProto } from '../../../formats/onnx/schema'
import type { Wanted } from '../../weights/layers'
import type { OutgoingTensor, OutgoingWeights } from './weights'

type Layer = ExpandedNetwork['layers'][number]
type Message = Readonly<Record<string, unknown>>
type ValuesOf = OutgoingWeights['torch']

/** The first opset that has all that is written, group norm with a scale a channel the last of it. */
const OPSET = 21
const IR_VERSION = 10

/** Builds the graph: nodes and weights by name. */
class Writer {
  readonly nodes: Message[] = []
  readonly initializers: Message[] = []

  node(op: string, inputs: readonly string[], output: string, attributes: readonly Message[] = []): string {
    this.nodes.push({ op_type: op, name: output, input: inputs, output: [output], attribute: attributes })
    return output
  }
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    this.initializers.push({
      name,
      dims,
      data_type: DATA_TYPE.float,
      raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })
    return name
  }
  integers(name: string, values: readonly number[]): string {
    this.initializers.push({ name, dims: [values.length], data_type: DATA_TYPE.int64, int64_data: values })
    return name
  }
}

const int = (name: string, i: number): Message => ({ name, i, type: ATTRIBUTE_TYPE.int })
const ints = (name: string, values: readonly number[]): Message => ({ name, ints: values, type: ATTRIBUTE_TYPE.ints })
const float = (name: string, f: number): Message => ({ name, f, type: ATTRIBUTE_TYPE.float })

/**
 * A network with its weights as the bytes of an ONNX file: images [n, channels, height, width] in, `images`; logits [n, classes] out, `logits`. Batch norm goes by its moving statistics and dropout
 * does nothing, as in evaluation; the loss is left out.
 *
 * @throws UserError for a layer that ONNX has no operator for.
 */
export function encodeOnnx(network: ExpandedNetwork, valuesOf: ValuesOf, producer: string): Uint8Array {
  const w = new Writer()
  const names: string[] = []
  network.layers.forEach((layer, at) => {
    if (at === network.loss) return
    const inputs = layer.inputs.map((input) => names[input]!)
    const output = at === network.logits ? 'logits' : layer.name
    names[at] = at === network.input ? 'images' : write(w, layer, inputs, output, valuesOf)
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
      opset_import: [{ domain: '', version: OPSET }],
    },
    graph: {
      ...{ name: network.name, node: w.nodes, initializer: w.initializers },
      input: [value('images', [channels!, height!, width!])],
      output: [value('logits', network.layers[network.logits]!.shape)],
    },
  }).finish()
}

function write(w: Writer, layer: Layer, inputs: readonly string[], output: string, valuesOf: ValuesOf): string {
  const { name, inputShapes, op } = layer
  const attributes = layer.attributes as Record<string, number> & Sliding & { side?: string }
  const tensor = (role: Wanted['role'], word: string): string[] => {
    const found = valuesOf(layer, role)
    return found ? [w.floats(`${name}.${word}`, found.dims, found.values)] : []
  }
  const isImage = inputShapes[0]?.length === 3
  const window = (): Message[] => windowOf(attributes, inputShapes[0]!)
  switch (op.kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const groups = op.kind === 'conv2d' ? attributes['groups']! : inputShapes[0]![2]!
      const dilation = attributes.dilation ?? 1
      const all = [...window(), ints('dilations', [dilation, dilation]), int('group', groups)]
      return w.node('Conv', [...inputs, ...tensor('kernel', 'weight'), ...tensor('bias', 'bias')], output, all)
    }
    case 'ws-conv2d': {
      const dilation = attributes.dilation ?? 1
      const all = [...window(), ints('dilations', [dilation, dilation]), int('group', attributes['groups']!)]
      const kernel = standardised(valuesOf(layer, 'kernel')!, valuesOf(layer, 'scale')!, attributes['epsilon']!)
      const weight = w.floats(`${name}.weight`, kernel.dims, kernel.values)
      return w.node('Conv', [...inputs, weight, ...tensor('bias', 'bias')], output, all)
    }
    case 'attention':
      return attention(w, layer, inputs, output)
    case 'position': {
      const { dims, values } = valuesOf(layer, 'shift')!
      const channelsFirst = channelFirst(dims, values)
      return w.node('Add', [...inputs, w.floats(`${name}.bias`, channelsFirst.dims, channelsFirst.values)], output)
    }
    case 'class-token': {
      const { dims, values } = valuesOf(layer, 'shift')!
      const [tokens, channels] = dims as [number, number]
      const [height, width] = inputShapes[0] as [number, number]
      const own = w.node('Reshape', [inputs[0]!, w.integers(`${name}.column`, [0, channels, height * width, 1])], `${name}.own`)
      const columns = values.map((_, at) => values[(at % tokens) * channels + Math.floor(at / tokens)]!)
      const learned = w.floats(`${name}.tokens`, [1, channels, tokens, 1], columns)
      const batch = w.node('Shape', [own], `${name}.batch`, [int('start', 0), int('end', 1)])
      const shape = w.node('Concat', [batch, w.integers(`${name}.sides`, [channels, tokens, 1])], `${name}.shape`, [
        int('axis', 0),
      ])
      const before = w.node('Expand', [learned, shape], `${name}.before`)
      return w.node('Concat', [before, own], output, [int('axis', 2)])
    }
    case 'token': {
      const [height, width, channels] = inputShapes[0] as [number, number, number]
      const places = w.integers(`${name}.places`, [0, channels, height * width])
      const flat = w.node('Reshape', [inputs[0]!, places], `${name}.flat`)
      const kept = w.node('Gather', [flat, w.integers(`${name}.place`, [attributes['place']!])], `${name}.kept`, [int('axis', 2)])
      return w.node('Flatten', [kept], output)
    }
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

/** In PyTorch's axes a head's channels lie behind one another, places last. */
function attention(w: Writer, { name, attributes, inputShapes }: Layer, inputs: readonly string[], output: string): string {
  const heads = attributes['heads'] as number
  const [[height, width, channels], , [, , of]] = inputShapes as [number[], number[], number[]]
  const d = channels! / heads
  const [q, k, v] = (['q', 'k', 'v'] as const).map((word, i) => {
    const cut = w.integers(`${name}.${word}.cut`, [0, heads, (i === 2 ? of! : channels!) / heads, height! * width!])
    return w.node('Reshape', [inputs[i]!, cut], `${name}.${word}`)
  }) as [string, string, string]
  const turned = (x: string): string => w.node('Transpose', [x], `${x}.turned`, [ints('perm', [0, 1, 3, 2])])
  const scale = w.floats(`${name}.scale`, [1], Float32Array.of(1 / Math.sqrt(d)))
  const scores = w.node('Mul', [w.node('MatMul', [turned(q), k], `${name}.products`), scale], `${name}.scores`)
  const weights = w.node('Softmax', [scores], `${name}.weights`, [int('axis', -1)])
  const y = w.node('MatMul', [v, turned(weights)], `${name}.y`)
  return w.node('Reshape', [y, w.integers(`${name}.joined`, [0, of!, height!, width!])], output)
}

/** [height, width, channels] as [channels, height, width]. */
function channelFirst([height, width, channels]: readonly number[], values: Float32Array): OutgoingTensor {
  const places = height! * width!
  const turned = values.map((_, at) => values[(at % places) * channels! + Math.floor(at / places)]!)
  return { dims: [channels!, height!, width!], values: turned }
}

/** The kernel that a standardised convolution comes to, in PyTorch's axes: each filter's entries lie behind one another. */
function standardised(kernel: OutgoingTensor, gain: OutgoingTensor, epsilon: number): OutgoingTensor {
  const count = kernel.values.length / gain.values.length
  const values = new Float32Array(kernel.values.length)
  gain.values.forEach((factor, filter) => {
    const own = kernel.values.subarray(filter * count, (filter + 1) * count)
    const mean = own.reduce((sum, value) => sum + value, 0) / count
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count
    const share = factor / Math.sqrt((variance + epsilon) * count)
    own.forEach((value, at) => (values[filter * count + at] = (value - mean) * share))
  })
  return { dims: kernel.dims, values }
}

function windowOf(sliding: Sliding, sides: readonly number[]): Message[] {
  const { size, stride } = sliding
  const [along, across] = padsAround(sliding, sides)
  return [
    ints('kernel_shape', [size, size]),
    ints('strides', [stride, stride]),
    ints('pads', [along![0], across![0], along![1], across![1]]),
  ]
}
