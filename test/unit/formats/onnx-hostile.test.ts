import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { fold } from '../../../shared/architecture/foreign/fold'
import type { ForeignLayer } from '../../../shared/architecture/foreign/layer'
import { bytesOf, HEAD, type Node, node, weights } from './support/onnx-file'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-onnx-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
async function taken(bytes: Uint8Array): Promise<ImportedNetwork> {
  const file = path.join(folder, `net${++files}.onnx`)
  writeFileSync(file, bytes)
  return importNetwork({ file, name: 'net.onnx', out: `${file}.safetensors` })
}
const int = (name: string, i: number): Node => ({ name, i, type: 2 })
const whole = (name: string, ...values: number[]): Node => ({ name, dims: [values.length], data_type: 7, int64_data: values })
/** So many nodes, each on what the one before it leaves. */
const chain = (from: string, count: number, make: (from: string, to: string) => Node): Node[] =>
  Array.from({ length: count }, (_, at) => make(at === 0 ? from : `${from}${at}`, `${from}${at + 1}`))

describe('an ONNX file that asks for far more than it is', () => {
  it('whose layers share one matrix is refused before any of them is written', async () => {
    const rows = [node('GlobalAveragePool', ['x'], 'p'), node('Flatten', ['p'], 'f')]
    const shared = chain('f', 300, (from, to) => node('MatMul', [from, 'm'], to))
    const all = [...rows, ...shared, node('MatMul', ['f300', 'w'], 'out')]
    const file = bytesOf(all, [weights('m', [512, 512]), weights('w', [512, 3])], [1, 512, 2, 2])
    await expect(taken(file)).rejects.toThrow(/net\.onnx: its layers would have 7\.9e\+7 numbers of their own.*share weights/)
  })

  it('that takes some of billions of joined channels has them told without a list of them', async () => {
    const doubled = Array.from({ length: 26 }, (_, at) => [
      node('Relu', [`c${at}`], `r${at}`),
      node('Concat', [`c${at}`, `r${at}`], `c${at + 1}`, [int('axis', 1)]),
    ]).flat()
    const part = node('Slice', ['c26', 'first', 'end', 'axis'], 'part')
    const nodes = [node('Relu', ['x'], 'c0'), ...doubled, part, node('Relu', ['part'], 'y'), ...HEAD]
    const told = [whole('first', 5), whole('end', 2 ** 31), whole('axis', 1), weights('w', [64, 3])]
    const { report } = await taken(bytesOf(nodes, told, [1, 64, 1, 1]))
    expect(report).toMatchObject({ hasWeights: false, unsupported: [{ name: 'part', what: 'Slice' }] })
  })

  it('with two values of one name is refused, since either may be meant', async () => {
    const twice = [node('Relu', ['x'], 'y'), { ...node('Neg', ['x'], 'y'), name: 'other' }, ...HEAD]
    await expect(taken(bytesOf(twice, [weights('w', [2, 3])]))).rejects.toThrow('it has two values of the name "y"')
    const constants = [weights('w', [2, 3]), weights('w', [2, 3], [9, 9, 9, 9, 9, 9])]
    await expect(taken(bytesOf([node('Relu', ['x'], 'y'), ...HEAD], constants))).rejects.toThrow('two values of the name "w"')
  })

  it.each(['n'.repeat(5000), 'a\u0000b', '.'])(
    'whose weights lie in a file of an impossible name is refused in words',
    async (value) => {
      const beside = { name: 'w', dims: [2, 3], data_type: 1, data_location: 1, external_data: [{ key: 'location', value }] }
      await expect(taken(bytesOf([node('Relu', ['x'], 'y'), ...HEAD], [beside]))).rejects.toThrow(
        /tensor "w" lies in ".*", which is not/,
      )
    },
  )

  it('with a norm whose epsilon no layer takes says so, whatever stands behind it', async () => {
    const one = (name: string, value: number): Node => weights(name, [], [value])
    const axes = [int('axis', -1), { name: 'epsilon', f: 5, type: 1 }]
    const tokens = [
      node('Reshape', ['x', 'sides'], 't'),
      node('Transpose', ['t'], 's', [{ name: 'perm', ints: [0, 2, 1], type: 7 }]),
    ]
    const normed = [...tokens, node('LayerNormalization', ['s', 'g'], 'n', axes), node('Mul', ['n', 'two'], 'y'), ...HEAD]
    const { report } = await taken(
      bytesOf(normed, [weights('g', [2], [1, 1]), whole('sides', 0, 2, -1), one('two', 2), weights('w', [2, 3])]),
    )
    expect(report.hasWeights).toBe(false)
  })
})

it('a long chain is folded by looking at each layer a few times', () => {
  const count = 500
  let reads = 0
  const inner = (at: number): ForeignLayer => ({
    ...{ name: `r${at}`, attributes: {}, inputs: [at] },
    get kind() {
      reads++
      return 'relu'
    },
  })
  const image = { name: 'x', kind: 'input', attributes: { height: 2, width: 2, channels: 2 }, inputs: [] }
  const loss = { name: 'loss', kind: 'softmax-cross-entropy', attributes: {}, inputs: [count] }
  fold([image, ...Array.from({ length: count }, (_, at) => inner(at)), loss], 'chain')
  expect(reads).toBeLessThan(40 * count)
})
