import { ModelProto, type TensorMessage } from '../../../main/formats/onnx/schema'

/** Values as an ONNX graph has them: an image is [channels, height, width], one of a batch at a time. */
interface Value {
  readonly dims: readonly number[]
  readonly values: ArrayLike<number>
}
interface Node {
  readonly op_type: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly { readonly name: string; readonly ints: readonly number[]; readonly s: Uint8Array }[]
}

/** The few operators that networks around the edges are made of, as their definitions say (https://onnx.ai/onnx/operators), in double precision and slowly. */
const operators: Readonly<Record<string, (inputs: readonly Value[], node: Node) => Value>> = {
  Pad([x, pads], node) {
    if (Buffer.from(node.attribute.find(({ name }) => name === 'mode')!.s).toString() !== 'wrap') throw new Error('no wrap')
    const [channels, height, width] = x!.dims as [number, number, number]
    const [, , top, left, , , bottom, right] = [...(pads!.values as Float32Array)] as number[]
    const [rows, columns] = [height + top! + bottom!, width + left! + right!]
    const values = Float64Array.from({ length: channels * rows * columns }, (_, at) => {
      const [c, i, j] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns]
      return x!.values[(c * height + ((i - top! + height) % height)) * width + ((j - left! + width) % width)]!
    })
    return { dims: [channels, rows, columns], values }
  },
  Conv([x, kernel, bias], node) {
    const [channels, height, width] = x!.dims as [number, number, number]
    const [filters, , size] = kernel!.dims as [number, number, number]
    const stride = Number(node.attribute.find(({ name }) => name === 'strides')?.ints[0] ?? 1)
    const [rows, columns] = [height, width].map((side) => Math.floor((side - size) / stride) + 1) as [number, number]
    const values = Float64Array.from({ length: filters * rows * columns }, (_, at) => {
      const [o, i, j] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns]
      let sum = bias?.values[o] ?? 0
      for (let c = 0; c < channels; c++)
        for (let a = 0; a < size; a++)
          for (let b = 0; b < size; b++)
            sum +=
              kernel!.values[((o * channels + c) * size + a) * size + b]! *
              x!.values[(c * height + i * stride + a) * width + j * stride + b]!
      return sum
    })
    return { dims: [filters, rows, columns], values }
  },
  Relu: ([x]) => ({ dims: x!.dims, values: Float64Array.from(x!.values, (value) => Math.max(value, 0)) }),
  Abs: ([x]) => ({ dims: x!.dims, values: Float64Array.from(x!.values, Math.abs) }),
  Add: ([a, b]) => ({ dims: a!.dims, values: Float64Array.from(a!.values, (value, at) => value + b!.values[at]!) }),
  // Of channels.
  Slice([x, first, end]) {
    const [, height, width] = x!.dims as [number, number, number]
    const [from, to] = [first!.values[0]!, end!.values[0]!]
    const values = Float64Array.from(x!.values).slice(from * height * width, to * height * width)
    return { dims: [to - from, height, width], values }
  },
  Flatten: ([x]) => ({ dims: [x!.values.length], values: x!.values }),
  Gemm([x, kernel, bias]) {
    const [units, features] = kernel!.dims as [number, number]
    const values = Float64Array.from({ length: units }, (_, o) => {
      let sum = bias?.values[o] ?? 0
      for (let i = 0; i < features; i++) sum += kernel!.values[o * features + i]! * x!.values[i]!
      return sum
    })
    return { dims: [units], values }
  },
}

/** @param images Two of them, [2, height, width, channels]. @returns their logits. */
export function evaluateOnnx(bytes: Uint8Array, images: Float32Array): Float32Array {
  const { graph } = ModelProto.decode(bytes) as unknown as {
    graph: {
      node: Node[]
      initializer: (TensorMessage & { name: string; raw_data: Uint8Array; int64_data: unknown[] })[]
      input: Input[]
    }
  }
  const given = new Map(graph.initializer.map((tensor): [string, Value] => [tensor.name, valueOf(tensor)]))
  const [channels, height, width] = graph.input[0]!.type.tensor_type.shape.dim.slice(1).map((dim) => Number(dim.dim_value)) as [
    ...[number, number, number],
  ]
  const places = height * width
  return Float32Array.from(
    [0, 1].flatMap((which) => {
      const own = images.subarray(which * places * channels, (which + 1) * places * channels)
      const turned = own.map((_, at) => own[(at % places) * channels + Math.floor(at / places)]!)
      const values = new Map(given).set('images', { dims: [channels, height, width], values: turned })
      for (const node of graph.node)
        values.set(
          node.output[0]!,
          operators[node.op_type]!(
            node.input.map((name) => values.get(name)!),
            node,
          ),
        )
      return [...(values.get('logits')!.values as Float64Array)]
    }),
  )
}

interface Input {
  readonly type: { readonly tensor_type: { readonly shape: { readonly dim: readonly { readonly dim_value: unknown }[] } } }
}

function valueOf({ dims, raw_data, int64_data }: TensorMessage & { raw_data: Uint8Array; int64_data: unknown[] }): Value {
  const values = raw_data.length > 0 ? new Float32Array(Uint8Array.from(raw_data).buffer) : Float64Array.from(int64_data, Number)
  return { dims: dims.map(Number), values }
}
