import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { bytesOf, HEAD, ints, type Node, node, weights } from './support/onnx-file'

/** Files whose numbers would be others if a word of theirs were passed over. */

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-understood-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
interface Asked {
  readonly constants?: Node[]
  readonly sides?: number[]
  readonly opset?: number
  readonly output?: string
}
async function taken(
  nodes: Node[],
  { constants = [], sides = [1, 4, 4, 4], opset = 17, output = 'out' }: Asked = {},
): Promise<ImportedNetwork> {
  const file = path.join(folder, `net${++files}.onnx`)
  writeFileSync(file, bytesOf([...HEAD, ...nodes], [weights('w', [4, 3]), ...constants], sides, [output], opset))
  return importNetwork({ file, name: 'net.onnx', out: `${file}.safetensors` })
}
const why = ({ report }: ImportedNetwork): (string | undefined)[] => report.unsupported.map((one) => one.why)
const kinds = ({ report }: ImportedNetwork): string[] => report.taken.map(({ kind }) => kind)
const number = (name: string, value: number): Node => weights(name, [], [value])
const whole = (name: string, values: number[]): Node => ({ name, dims: [values.length], data_type: 7, int64_data: values })
const int = (name: string, i: number): Node => ({ name, i, type: 2 })
const float = (name: string, f: number): Node => ({ name, f, type: 1 })
const floats = (name: string, values: number[]): Node => ({ name, floats: values, type: 6 })

describe('an ONNX file whose norm', () => {
  it('is of one of four axes has it listed, and not as a norm of groups', async () => {
    const last = [ints('axes', [-1])]
    const nodes = [
      ...[node('ReduceMean', ['x'], 'm', last), node('Sub', ['x', 'm'], 'd'), node('Pow', ['d', 'two'], 's')],
      ...[node('ReduceMean', ['s'], 'v', last), node('Add', ['v', 'little'], 'l'), node('Sqrt', ['l'], 'r')],
      node('Div', ['d', 'r'], 'y'),
    ]
    const net = await taken(nodes, { constants: [number('two', 2), number('little', 1e-5)] })
    expect(why(net)).toEqual(['it norms other than the channels of each place'])
  })

  it('has a shift that is written as numbers keeps it, and is listed where that is worked out', async () => {
    const rows = [node('Transpose', ['x'], 't', [ints('perm', [0, 2, 3, 1])])]
    const back = [node('Transpose', ['n'], 'y', [ints('perm', [0, 3, 1, 2])])]
    const norm = node('LayerNormalization', ['t', 's', 'b'], 'n')
    const constants = [weights('s', [4])]
    const told = node('Constant', [], 'b', [floats('value_floats', [1, 2, 3, 4])])
    const net = await taken([told, ...rows, norm, ...back], { constants })
    expect(net.report).toMatchObject({ unsupported: [], hasWeights: true })
    const reader = SafetensorsReader.open(path.join(folder, `net${files}.onnx.safetensors`))
    const values = reader.tensors.map(({ name }) => [...reader.readFloats(name)].join())
    reader.close()
    expect(values).toContain('1,2,3,4')
    const worked = await taken([node('Relu', ['x'], 'b'), ...rows, norm, ...back], { constants })
    expect(why(worked)[0]).toBe('its parameters are no constants')
  })

  it('is of each batch as in training is listed', async () => {
    const constants = ['s', 'b', 'm', 'v'].map((name) => weights(name, [4]))
    const net = await taken([node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], 'y', [int('training_mode', 1)])], {
      constants,
    })
    expect(why(net)).toEqual(['it norms by the mean and variance of each batch'])
  })
})

describe('an ONNX file whose activation', () => {
  it('is a value times the sigmoid of another has no swish, and one of its own has it, in other axes and by a factor too', async () => {
    const turn = [ints('perm', [0, 1, 3, 2])]
    const halved = [node('Div', ['x', 'two'], 'h'), node('Sigmoid', ['x'], 's'), node('Mul', ['h', 's'], 'y')]
    const turned = [node('Transpose', ['x'], 't', turn), node('Sigmoid', ['x'], 's'), node('Mul', ['t', 's'], 'y')]
    const product = await taken(halved, { constants: [number('two', 2)] })
    expect(product.report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(kinds(product)).toEqual(expect.arrayContaining(['scale', 'sigmoid', 'multiply']))
    expect(kinds(product)).not.toContain('swish')
    expect(why(await taken(turned))).toContain('it multiplies two values of different axes')
    const own = [
      ...[node('Transpose', ['x'], 't', turn), node('Div', ['t', 'two'], 'h'), node('Sigmoid', ['h'], 's')],
      ...[node('Mul', ['h', 's'], 'm'), node('Transpose', ['m'], 'y', turn)],
    ]
    const net = await taken(own, { constants: [number('two', 2)] })
    expect(net.report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(kinds(net).sort()).toEqual(['dense', 'global-average-pool', 'input', 'scale', 'softmax-cross-entropy', 'swish'])
  })

  it('leaves nothing below 0 may have zeros around it before a maximum', async () => {
    const padded = async (activation: Node): Promise<unknown> => {
      const pool = node('MaxPool', ['q'], 'y', [ints('kernel_shape', [3, 3]), ints('strides', [2, 2])])
      const constants = [number('low', 0), number('high', 6), whole('pads', [0, 0, 1, 1, 0, 0, 1, 1])]
      return why(await taken([activation, node('Pad', ['r', 'pads'], 'q'), pool], { constants }))
    }
    expect(await padded(node('Clip', ['x', 'low', 'high'], 'r'))).toEqual([])
    for (const op of ['Relu', 'Sigmoid', 'Abs']) expect(await padded(node(op, ['x'], 'r')), op).toEqual([])
    for (const op of ['Tanh', 'HardSwish']) expect(await padded(node(op, ['x'], 'r')), op).not.toEqual([])
  })

  it('is a sigmoid times itself by another name is no swish', async () => {
    for (const passing of [node('Identity', ['s'], 'i'), node('Cast', ['s'], 'i', [int('to', 1)])])
      for (const factors of [
        ['s', 'i'],
        ['i', 's'],
      ]) {
        const net = await taken([node('Sigmoid', ['x'], 's'), passing, node('Mul', factors, 'y')])
        expect(kinds(net).slice(0, 3)).toEqual(['input', 'sigmoid', 'multiply'])
      }
  })

  it('weighs channels or places is a gate, and one of rows or of another axis is listed', async () => {
    const mean = node('GlobalAveragePool', ['x'], 'm')
    const gated = [mean, node('Sigmoid', ['m'], 's'), node('Mul', ['s', 'x'], 'y')]
    const net = await taken(gated)
    expect(net.report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(kinds(net)).toEqual(expect.arrayContaining(['sigmoid', 'multiply']))
    // Four features stand beside the four columns of each image, not its channels.
    const row = [mean, node('Flatten', ['m'], 'f'), node('Mul', ['x', 'f'], 'y')]
    expect(why(await taken(row))).toContain('it multiplies two values of different axes')
    const back = [mean, node('Flatten', ['m'], 'f'), node('Unsqueeze', ['f'], 'u', [ints('axes', [2, 3])]), node('Mul', ['x', 'u'], 'y')] // prettier-ignore
    expect((await taken(back)).report).toMatchObject({ unsupported: [], hasWeights: true })
    const last = [ints('perm', [0, 2, 3, 1])]
    const tokens = [node('Transpose', ['x'], 't', last), node('Transpose', ['m'], 'g', last), node('Mul', ['t', 'g'], 'p')]
    const turned = [mean, ...tokens, node('Transpose', ['p'], 'y', [ints('perm', [0, 3, 1, 2])])]
    expect((await taken(turned)).report).toMatchObject({ unsupported: [], hasWeights: true })
  })

  it('is a swish of another slope is listed', async () => {
    expect(why(await taken([node('Swish', ['x'], 'y', [float('alpha', 2)])]))).toHaveLength(1)
    expect(why(await taken([node('Swish', ['x'], 'y', [float('alpha', 1)])]))).toEqual([])
  })

  it('ends where a value says is listed', async () => {
    const nodes = [node('GlobalMaxPool', ['x'], 'g'), node('Clip', ['x', 'low', 'g'], 'y')]
    expect(why(await taken(nodes, { constants: [number('low', 0)] }))).toContain('its bounds are no constants')
    const open = [node('Clip', ['x', 'low', ''], 'y')]
    expect((await taken(open, { constants: [number('low', 0)] })).report).toMatchObject({ unsupported: [], approximated: [] })
  })

  it('ends at a number ends there, or is listed where its end is no ReLU’s', async () => {
    const clipped = (low: number, high: number): Promise<ImportedNetwork> =>
      taken([node('Clip', ['x', 'low', 'high'], 'y')], { constants: [number('low', low), number('high', high)] })
    expect((await clipped(0, 6)).document.nodes[1]).toEqual({ id: 'relu', kind: 'clipped-relu' })
    expect((await clipped(0, 1.1)).document.nodes[1]).toMatchObject({ attributes: { most: 1.1 } })
    expect((await clipped(0, 2e6)).report.hasWeights).toBe(true)
    expect((await clipped(0, 1e-7)).report.hasWeights).toBe(true)
    for (const none of [Infinity, 3.4028234663852886e38])
      expect((await clipped(0, none)).document.nodes[1]).toEqual({ id: 'relu', kind: 'relu' })
    expect(why(await clipped(0, -1))).toEqual(['it clips to an interval that ends before it begins'])
    expect(why(await clipped(-1, 1))).toEqual(['it clips to an interval that does not begin with 0'])
    const hard = async (alpha: number): Promise<string[]> =>
      kinds(await taken([node('HardSigmoid', ['x'], 'y', [float('alpha', alpha)])]))
    expect(await hard(1 / 6)).toContain('hard-sigmoid')
    expect(await hard(0.2)).not.toContain('hard-sigmoid')
    expect(kinds(await taken([node('HardSwish', ['x'], 'y')]))).toContain('hard-swish')
    const written = [node('HardSigmoid', ['x'], 's', [float('alpha', 1 / 6)]), node('Mul', ['x', 's'], 'y')]
    expect(kinds(await taken(written))).toEqual(['input', 'hard-swish', 'global-average-pool', 'dense', 'softmax-cross-entropy'])
    expect(kinds(await taken([node('Sigmoid', ['x'], 'y')]))).toContain('sigmoid')
  })
})

const X = node('Relu', ['x'], 'y')
const END = 'the Softmax at the end, which the loss has in it'
/** Tokens of four channels each, with as many outputs. */
const TOKENS = [
  ...[X, node('Reshape', ['y', 'places'], 'r'), node('Transpose', ['r'], 't', [ints('perm', [0, 2, 1])])],
  node('MatMul', ['t', 'w'], 'u'),
]
const places = whole('places', [0, 4, 16])

describe('an ONNX file that ends in a softmax', () => {
  const ending = (attribute: Node[], asked: Asked = {}, from = 'out', op = 'Softmax'): Promise<ImportedNetwork> =>
    taken([...(from === 'u' ? TOKENS : [X]), node(op, [from], 'p', attribute)], { constants: [places], output: 'p', ...asked })

  it('of rows has it left out, and of another axis or of tokens listed', async () => {
    for (const axis of [1, -1]) expect((await ending([int('axis', axis)])).report).toMatchObject({ left: [END], unsupported: [] })
    for (const net of [
      await ending([int('axis', 0)], { sides: [3, 4, 4, 4] }),
      await ending([int('axis', 0)], { sides: [3, 4, 4, 4] }, 'out', 'LogSoftmax'),
      await ending([int('axis', -1)], {}, 'u'),
      await ending([int('axis', 1)], {}, 'u'),
      // Its last axis is the width of the one pixel.
      await ending([int('axis', -1)], {}, 'pooled'),
    ]) {
      expect(net.report.unsupported).toMatchObject([{ name: 'p' }])
      expect(net.report.left).not.toContain(END)
    }
  })

  it('without an axis is of the one that its opset means', async () => {
    const older = await ending([], { opset: 12 }, 'pooled')
    expect(older.report.left).toContain(END)
    expect(why(older)).toEqual([])
    expect(why(await ending([], { opset: 13 }, 'pooled'))).toHaveLength(1)
    expect((await ending([], { opset: 12 })).report.left).toEqual([END])
    expect((await ending([], { opset: 13 })).report.left).toEqual([END])
  })
})

describe('an ONNX file whose product', () => {
  const added = (dims: number[], from = 'out', sides = [1, 4, 4, 4]): Promise<ImportedNetwork> => {
    const mean = node('ReduceMean', ['z'], 'v', [ints('axes', [1]), int('keepdims', 0)])
    const asked = { constants: [places, weights('b', dims)], output: from === 'u' ? 'v' : 'z', sides }
    return taken([...(from === 'u' ? TOKENS : [X]), node('Add', [from, 'b'], 'z'), mean], asked)
  }

  it('has a bias behind it takes it where it is one a column, and not where it is one an image', async () => {
    expect((await added([3])).report).toMatchObject({ unsupported: [], parameters: 15 })
    expect((await added([1, 3])).report).toMatchObject({ unsupported: [], parameters: 15 })
    expect((await added([1, 1, 3], 'u')).report).toMatchObject({ unsupported: [], parameters: 15 })
    expect(why(await added([3, 1], 'out', [3, 4, 4, 4]))).toEqual(['it adds a constant'])
  })

  it('is a Gemm says what its third input is', async () => {
    const gemm = (dims: number[]): Promise<ImportedNetwork> =>
      taken([X, node('Gemm', ['flat', 'w', 'b'], 'z')], { constants: [weights('b', dims)], output: 'z', sides: [3, 4, 4, 4] })
    expect((await gemm([3])).report).toMatchObject({ unsupported: [], approximated: [], parameters: 15 })
    expect((await gemm([1])).report).toMatchObject({ unsupported: [], approximated: [expect.any(String)], parameters: 15 })
    expect(why(await gemm([3, 1]))).toEqual(['what it adds is not a number a column'])
  })

  it('is divided by a number takes an image as it is', async () => {
    const nodes = [node('Div', ['x', 'n'], 'd'), node('Conv', ['d', 'k'], 'y')]
    const net = await taken(nodes, { constants: [number('n', 255), weights('k', [4, 4, 1, 1])] })
    expect(net.report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(net.report.taken).toContainEqual({ kind: 'scale', count: 1 })
    expect(JSON.stringify(net.document)).toContain('{"value":0.003921569,"learned":false}')
  })

  it('is taken with a factor for each channel and without it is said to be two', async () => {
    const nodes = [node('Conv', ['x', 'k'], 'c'), node('Mul', ['c', 's'], 'm'), node('Add', ['c', 'm'], 'y')]
    const constants = [weights('k', [4, 4, 1, 1]), weights('s', [1, 4, 1, 1])]
    const { report } = await taken(nodes, { constants })
    expect(report.approximated).toHaveLength(2)
    expect(report.approximated[1]).toContain('learn apart')
    const alone = await taken([nodes[0]!, node('Mul', ['c', 's'], 'y')], { constants })
    expect(alone.report.approximated).toHaveLength(1)
  })
})

describe('an ONNX file that works out a number', () => {
  it('of how many images there are, which it leaves open, has it listed', async () => {
    const nodes = [
      ...[node('Shape', ['x'], 's'), node('Gather', ['s', 'zero'], 'i'), node('Cast', ['i'], 'n', [int('to', 1)])],
      ...[node('Div', ['x', 'n'], 'd'), node('Relu', ['d'], 'r'), node('Mul', ['r', 'n'], 'y')],
    ]
    const zero = { ...whole('zero', [0]), dims: [] }
    expect((await taken(nodes, { constants: [zero], sides: [0, 4, 4, 4] })).report.unsupported).toMatchObject([
      { name: 'd' },
      { name: 'y' },
    ])
    // Of a channel it is a number like any other.
    const channels = { ...whole('zero', [1]), dims: [] }
    expect(why(await taken(nodes, { constants: [channels], sides: [0, 4, 4, 4] }))).toEqual([])
  })

  it('of a row that was an image has the row’s two sides', async () => {
    const nodes = [
      ...[node('Flatten', ['x'], 'f'), node('Shape', ['f'], 's'), node('Gather', ['s', 'one'], 'i')],
      ...[node('Cast', ['i'], 'n', [int('to', 1)]), node('Mul', ['x', 'n'], 'y')],
    ]
    const net = await taken(nodes, { constants: [{ ...whole('one', [1]), dims: [] }] })
    expect(why(net)).toEqual([])
    const reader = SafetensorsReader.open(path.join(folder, `net${files}.onnx.safetensors`))
    expect(reader.tensors.map(({ name }) => [...reader.readFloats(name)].join())).toContain('64')
    reader.close()
  })

  it.each([
    ['Max', ['a', 'b', 'c'], [], 9],
    ['Min', ['c', 'b', 'a'], [], -7],
    ['Mod', ['a', 'b'], [], 1],
    ['Mod', ['a', 'b'], [int('fmod', 1)], -1],
  ] as const)('by %s of %j has the one that ONNX has', async (op, inputs, attribute, wanted) => {
    const nodes = [node(op, [...inputs], 'n', [...attribute]), node('Mul', ['x', 'n'], 'y')]
    const net = await taken(nodes, { constants: [number('a', -7), number('b', 2), number('c', 9)] })
    expect(why(net)).toEqual([])
    const reader = SafetensorsReader.open(path.join(folder, `net${files}.onnx.safetensors`))
    expect(reader.tensors.map(({ name }) => [...reader.readFloats(name)].join())).toContain(String(wanted))
    reader.close()
  })

  it('by cutting it to a whole one has it listed where it is a value’s, or one of many', async () => {
    expect(why(await taken([node('Cast', ['x'], 'y', [int('to', 7)])]))).toEqual(['it cuts numbers to whole ones'])
    expect(why(await taken([node('Cast', ['x'], 'y', [int('to', 10)])]))).toEqual([])
    const nodes = [
      ...[node('Cast', ['k'], 'i', [int('to', 7)]), node('Cast', ['i'], 'f', [int('to', 1)])],
      node('Add', ['x', 'f'], 'y'),
    ]
    expect((await taken(nodes, { constants: [weights('k', [4, 8, 8])], sides: [1, 4, 8, 8] })).report.unsupported).toMatchObject([
      { name: 'y' },
    ])
  })
})

describe('an ONNX file with a mean over each image', () => {
  it('has it as a row where its sides are taken out one by one, and parts of it along the axis that they are of', async () => {
    const entry = (axis: number): Node[] => [
      ...[
        X,
        node('Gather', ['pooled', 'zero'], 'g', [int('axis', axis)]),
        node('Gather', ['g', 'zero'], 'h', [int('axis', axis)]),
      ],
      node('MatMul', ['h', 'w'], 'z'),
    ]
    const constants = [{ ...whole('zero', [0]), dims: [] }]
    for (const axis of [2, -1])
      expect((await taken(entry(axis), { constants, output: 'z' })).report).toMatchObject({ unsupported: [], hasWeights: true })
  })
})

it('an ONNX file tells of a kernel that several nodes have in other axes, and of parts of one that nodes have nothing', async () => {
  const row = [node('GlobalAveragePool', ['x'], 'm'), node('Flatten', ['m'], 'f')]
  const turn = (to: string): Node => node('Transpose', ['k'], to, [ints('perm', [1, 0])])
  const tied = [...row, turn('a'), turn('b'), node('MatMul', ['f', 'a'], 'g'), node('MatMul', ['g', 'b'], 'h')]
  const { report } = await taken(tied, { constants: [weights('k', [4, 4])], output: 'h' })
  expect(report.approximated).toEqual(['k: one for 2 layers in the file, and each of those learns its own here'])
  const parts = [
    ...[...row, { ...node('Split', ['k'], 'a', [int('axis', 1)]), output: ['a', 'b'] }],
    ...[node('MatMul', ['f', 'a'], 'g'), node('MatMul', ['g', 'b'], 'h')],
  ]
  const packed = await taken(parts, { constants: [weights('k', [4, 8])], output: 'h' })
  expect(packed.report).toMatchObject({ unsupported: [], approximated: [] })
})
