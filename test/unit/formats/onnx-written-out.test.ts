import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { bytesOf, HEAD, ints, type Node, node, weights } from './support/onnx-file'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-written-out-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
async function taken(nodes: Node[], constants: Node[], sides = [2, 4, 8, 8]): Promise<ImportedNetwork> {
  const file = path.join(folder, `net${++files}.onnx`)
  writeFileSync(file, bytesOf([...nodes, ...HEAD], [weights('w', [4, 3]), ...constants], sides))
  return importNetwork({ file, name: 'net.onnx', out: `${file}.safetensors` })
}
const number = (name: string, value: number): Node => weights(name, [], [value])
const whole = (name: string, values: number[]): Node => ({ name, dims: [values.length], data_type: 7, int64_data: values })
const named = (name: string, op: string, inputs: string[], outputs: string[], attribute: Node[] = []): Node => ({
  ...{ name, op_type: op, input: inputs, output: outputs, attribute },
})
const int = (name: string, i: number): Node => ({ name, i, type: 2 })
const kinds = ({ report }: ImportedNetwork): string[] => report.taken.map(({ kind }) => kind)

const gelu = (half: string): Node[] => [
  node('Div', ['x', 'root'], 'd'),
  node('Erf', ['d'], 'e'),
  node('Add', ['e', 'one'], 'f'),
  node('Mul', ['f', 'x'], 'g'),
  node('Mul', [half, 'g'], 'y'),
]
const GELU = [number('root', Math.SQRT2), number('one', 1), number('half', 0.5), number('third', 1 / 3)]

describe('what an ONNX file says in several operators', () => {
  it('is a GELU where all its numbers are, and else each is listed by its name', async () => {
    expect(await taken(gelu('half'), GELU)).toMatchObject({ report: { unsupported: [], hasWeights: true } })
    expect(kinds(await taken(gelu('half'), GELU))).toContain('gelu')
    const { report } = await taken(gelu('third'), GELU)
    expect(report.unsupported).toEqual([{ name: 'e', what: 'Erf', why: 'there is no such layer here' }])
  })

  it('stays where another node takes a part of it', async () => {
    const nodes = [...gelu('half').slice(0, -1), node('Mul', ['half', 'g'], 'h'), node('Add', ['h', 'f'], 'y')]
    const { report } = await taken(nodes, GELU)
    expect(report.unsupported).toMatchObject([{ name: 'e', what: 'Erf' }])
    expect(report.taken.map(({ kind }) => kind)).toContain('gelu')
  })

  it('has scale and shift behind a norm as the norm’s own, unless something else takes what it makes', async () => {
    const norm = [
      node('Mul', ['x', 'x'], 's'),
      node('ReduceMean', ['s', 'channels'], 'm', [int('keepdims', 1)]),
      node('Add', ['m', 'little'], 'l'),
      node('Sqrt', ['l'], 'r'),
      node('Div', ['x', 'r'], 'n'),
      node('Mul', ['n', 'k'], 'p'),
    ]
    const constants = [whole('channels', [1]), number('little', 1e-6), weights('k', [4, 1, 1])]
    const alone = await taken([...norm, node('Relu', ['p'], 'y')], constants)
    expect(alone).toMatchObject({ report: { unsupported: [] } })
    expect(kinds(alone)).toContain('rms-norm')
    const shared = await taken([...norm, node('Add', ['p', 'n'], 'y')], constants)
    expect(shared.report.unsupported).toEqual([{ name: 'p', what: 'Mul', why: 'it multiplies by a constant' }])
    const twice = await taken([...norm, node('Mul', ['p', 'k'], 'y')], constants)
    expect(twice.report.unsupported).toMatchObject([{ name: 'y', what: 'Mul' }])
  })

  it('is a shape where it is worked out of sides, as they are with any number of images', async () => {
    const ends = [whole('first', [0]), whole('rest', [-1]), whole('channel', [4]), whole('order', [8, 8])]
    const nodes = [
      node('Shape', ['x'], 's'),
      node('Gather', ['s', 'first'], 'n'),
      node('Concat', ['n', 'channel', 'rest'], 'rows', [int('axis', 0)]),
      node('Reshape', ['x', 'rows'], 't'),
      node('Concat', ['n', 'channel', 'order'], 'image', [int('axis', 0)]),
      node('Reshape', ['t', 'image'], 'y'),
    ]
    for (const images of [0, 1, 2]) {
      const { report } = await taken(nodes, ends, [images, 4, 8, 8])
      expect(report).toMatchObject({ unsupported: [], hasWeights: true })
      expect(report.taken.map(({ kind }) => kind).sort()).toEqual(
        ['dense', 'global-average-pool', 'input', 'softmax-cross-entropy'].sort(),
      )
    }
  })

  it('has an opset’s group norm of before 21, whose scale is a group’s, and refuses one that fits neither', async () => {
    const norm = (scales: number): Promise<ImportedNetwork> =>
      taken(
        [named('norm', 'GroupNormalization', ['x', 's', 'b'], ['y'], [int('num_groups', 2)])],
        [weights('s', [scales]), weights('b', [scales])],
      )
    expect((await norm(2)).report).toMatchObject({ unsupported: [], parameters: 4 + 4 + 12 })
    expect((await norm(4)).report).toMatchObject({ unsupported: [], parameters: 4 + 4 + 12 })
    expect((await norm(3)).report.unsupported).toEqual([
      { name: 'norm', what: 'GroupNormalization', why: 'it has 3 scales for 4 channels in 2 groups' },
    ])
  })

  it('has parts of an image’s channels as layers, and parts that are not all of them listed', async () => {
    const parts = named('halves', 'Split', ['x'], ['a', 'b'], [int('axis', 1), int('num_outputs', 2)])
    const { report, document } = await taken([parts, node('Concat', ['b', 'a'], 'y', [int('axis', 1)])], [])
    expect(report).toMatchObject({ hasWeights: true, unsupported: [] })
    expect(JSON.stringify(document)).toContain('{"first":2,"count":2}')
    // One that nothing takes is no layer.
    const one = await taken([parts, node('Concat', ['b', 'b'], 'y', [int('axis', 1)])], [])
    expect(one.report.taken).toContainEqual({ kind: 'channels', count: 1 })
    const uneven = named('thirds', 'Split', ['x', 'lengths'], ['a', 'b'], [int('axis', 1)])
    const other = await taken([uneven, node('Add', ['a', 'b'], 'y')], [whole('lengths', [1, 2])])
    expect(other.report.unsupported[0]).toEqual({ name: 'thirds', what: 'Split', why: 'its parts are not all of its input' })
  })

  it('is refused in a sentence, or listed, whatever it asks for', async () => {
    const asked: [Node[], Node[]][] = [
      [[node('toString', ['x'], 'y')], []],
      [
        [node('Expand', ['k', 'sides'], 'big'), node('Add', ['x', 'big'], 'y')],
        [weights('k', [1]), whole('sides', [2 ** 20, 2 ** 20])],
      ],
      [[node('ConstantOfShape', ['sides'], 'big'), node('Reshape', ['x', 'big'], 'y')], [whole('sides', [2 ** 40])]],
      [[node('Reshape', ['x', 'sides'], 'y')], [whole('sides', [-1, -1, -5])]],
      [[node('Split', ['x'], 'y', [int('axis', 9)])], []],
      [[node('Transpose', ['k'], 'z', [ints('perm', [5, 5])]), node('Add', ['x', 'z'], 'y')], [weights('k', [2, 2])]],
      [
        [node('Slice', ['k', 'sides', 'sides'], 'z'), node('Add', ['x', 'z'], 'y')],
        [weights('k', [2]), whole('sides', [-9, 9])],
      ],
      [[node('Shape', ['x'], 's'), node('Div', ['s', 'zero'], 'z'), node('Reshape', ['x', 'z'], 'y')], [whole('zero', [0])]],
      [[node('InstanceNormalization', ['x', 'k', 'k'], 'y')], [weights('k', [7])]],
    ]
    for (const [nodes, constants] of asked) {
      const { report } = await taken(nodes, constants)
      expect(report.unsupported.length, JSON.stringify(nodes)).toBeGreaterThan(0)
    }
    // A chain of thousands, each of which says the one before in other axes.
    const chain = Array.from({ length: 5000 }, (_, at) => node('Transpose', [at === 0 ? 'k' : `t${at - 1}`], `t${at}`))
    const { report } = await taken([...chain, node('Add', ['x', 't4999'], 'y')], [weights('k', [4, 4])])
    expect(report.unsupported).toMatchObject([{ name: 'y', what: 'Add' }])
  })
})
