import { int, ints, type Write } from './onnx-writer'
import type { OutgoingTensor } from './made-kernels'

/** Tokens: an image's places, and what stands before them. */

/** In PyTorch's axes a head's channels lie behind one another, places last. */
const attention: Write = (w, { name, attributes, inputShapes }, inputs, output) => {
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

const position: Write = (w, layer, inputs, output, weights) => {
  const { name } = layer
  const { dims, values } = weights.torch(layer, 'shift')!
  const channelsFirst = channelFirst(dims, values)
  return w.node('Add', [...inputs, w.floats(`${name}.bias`, channelsFirst.dims, channelsFirst.values)], output)
}

const classToken: Write = (w, layer, inputs, output, weights) => {
  const { name, inputShapes } = layer
  const { dims, values } = weights.torch(layer, 'shift')!
  const [tokens, channels] = dims as [number, number]
  const [height, width] = inputShapes[0] as [number, number]
  const own = w.node('Reshape', [inputs[0]!, w.integers(`${name}.column`, [0, channels, height * width, 1])], `${name}.own`)
  const columns = channelFirst([tokens, 1, channels], values)
  const learned = w.floats(`${name}.tokens`, [1, ...columns.dims], columns.values)
  const batch = w.node('Shape', [own], `${name}.batch`, [int('start', 0), int('end', 1)])
  const shape = w.node('Concat', [batch, w.integers(`${name}.sides`, [channels, tokens, 1])], `${name}.shape`, [int('axis', 0)])
  const before = w.node('Expand', [learned, shape], `${name}.before`)
  return w.node('Concat', [before, own], output, [int('axis', 2)])
}

const token: Write = (w, { name, inputShapes, attributes }, inputs, output) => {
  const [height, width, channels] = inputShapes[0] as [number, number, number]
  const places = w.integers(`${name}.places`, [0, channels, height * width])
  const flat = w.node('Reshape', [inputs[0]!, places], `${name}.flat`)
  const kept = w.node('Gather', [flat, w.integers(`${name}.place`, [attributes['place'] as number])], `${name}.kept`, [
    int('axis', 2),
  ])
  return w.node('Flatten', [kept], output)
}

/** [height, width, channels] as [channels, height, width]. */
function channelFirst([height, width, channels]: readonly number[], values: Float32Array): OutgoingTensor {
  const places = height! * width!
  const turned = values.map((_, at) => values[(at % places) * channels! + Math.floor(at / places)]!)
  return { dims: [channels!, height!, width!], values: turned }
}

export const tokenLayers: Readonly<Record<string, Write>> = { attention, position, 'class-token': classToken, token }
