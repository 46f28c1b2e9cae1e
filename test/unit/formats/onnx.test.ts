import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expand, networkFromDocument } from '../../../shared/architecture'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import { bytesBeside } from '../../../main/formats/onnx/beside'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { bytesOf, HEAD, ints, type Node, node, weights } from './support/onnx-file'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
async function taken(bytes: Uint8Array, place = folder): Promise<ImportedNetwork> {
  const file = path.join(place, `net${++files}.onnx`)
  writeFileSync(file, bytes)
  return importNetwork({ file, name: 'net.onnx', out: `${file}.safetensors` })
}
const conv = (dims = [2, 2, 3, 3]): Node => weights('k', dims)
const PADDED = [ints('pads', [1, 1, 1, 1])]

describe('an ONNX file', () => {
  it('has what there is no layer for listed and drawn, and nothing of it dropped', async () => {
    const nodes = [node('Conv', ['x', 'k'], 'c', PADDED), node('HardSigmoid', ['c'], 'h'), node('Mul', ['h', 'c'], 'y'), ...HEAD]
    const { document, report } = await taken(bytesOf(nodes, [conv(), weights('w', [2, 3])]))
    expect(report).toMatchObject({ hasWeights: false, parameters: null })
    expect(report.unsupported).toEqual([{ name: 'h', what: 'HardSigmoid', why: 'it does not rise by a sixth from a half' }])
    expect(JSON.stringify(document)).toContain('x-hardsigmoid')
  })

  it('is told of where a layer is taken for a similar one, or is left out', async () => {
    const byTanh = { name: 'approximate', s: Buffer.from('tanh'), type: 3 }
    const nodes = [
      ...[node('Conv', ['x', 'k'], 'c', PADDED), node('Gelu', ['c'], 'y', [byTanh]), ...HEAD],
      ...[node('Softmax', ['out'], 'p'), node('Relu', ['c'], 'unused')],
    ]
    const { report } = await taken(bytesOf(nodes, [conv(), weights('w', [2, 3])], [1, 2, 8, 8], ['p']))
    expect(report.approximated).toEqual(['a GELU by tanh is taken as the exact one'])
    expect(report.left).toEqual([
      'the Softmax at the end, which the loss has in it',
      '1 node that the first output does not depend on',
    ])
    expect(report.hasWeights).toBe(true)
  })

  it('whose pools round up has windows over the edge, as far as those of a mean do not count', async () => {
    const rounding = [ints('kernel_shape', [3, 3]), ints('strides', [2, 2]), { name: 'ceil_mode', i: 1, type: 2 }]
    const pooled = (op: string): Promise<ImportedNetwork> =>
      taken(bytesOf([node(op, ['x'], 'y', rounding), ...HEAD], [weights('w', [2, 3])]))
    const { document } = await pooled('MaxPool')
    expect(document.nodes[1]).toMatchObject({ kind: 'max-pool', attributes: { size: 3, stride: 2, padding: 'same' } })
    const mean = await pooled('AveragePool')
    expect(mean.report.unsupported).toEqual([])
    expect(mean.document.nodes[1]).toMatchObject({ kind: 'average-pool', attributes: { size: 3, stride: 2, padding: 'same' } })
  })

  it.each(['Identity', 'Cast', 'Flatten', 'Squeeze'])('has its softmax left out before a last %s too', async (op) => {
    const nodes = [node('Relu', ['x'], 'y'), ...HEAD, node('Softmax', ['out'], 'p'), node(op, ['p'], 'q')]
    const { report } = await taken(bytesOf(nodes, [weights('w', [2, 3])], [1, 2, 8, 8], ['q']))
    expect(report).toMatchObject({
      left: ['the Softmax at the end, which the loss has in it'],
      unsupported: [],
      hasWeights: true,
    })
  })

  it('that ends in a softmax of each pixel has it listed', async () => {
    const nodes = [node('Softmax', ['x'], 'p'), node('Flatten', ['p'], 'out')]
    expect((await taken(bytesOf(nodes, []))).report.unsupported).toMatchObject([{ what: 'Softmax' }])
  })

  it('lists a pool by norms whose windows have gaps, or hang over the edge', async () => {
    const why = async (...more: Node[]): Promise<unknown> => {
      const sides = [ints('kernel_shape', [3, 3]), ints('strides', [3, 3]), ...more]
      return (await taken(bytesOf([node('LpPool', ['x'], 'y', sides), ...HEAD], [weights('w', [2, 3])]))).report.unsupported
    }
    expect(await why({ name: 'ceil_mode', i: 1, type: 2 })).toMatchObject([{ why: 'it rounds its output’s sides up' }])
    expect(await why(ints('dilations', [2, 2]))).toMatchObject([{ why: 'its window has gaps' }])
  })

  it('with a convolution of the one pixel that a mean left has a dense layer there', async () => {
    const nodes = [node('GlobalAveragePool', ['x'], 'm'), node('Conv', ['m', 'one', 'b'], 'c'), node('Flatten', ['c'], 'out')]
    const { document, report } = await taken(bytesOf(nodes, [weights('one', [3, 2, 1, 1]), weights('b', [3])]))
    expect(document.nodes[2]).toMatchObject({ kind: 'dense', attributes: { units: 3 } })
    expect(report).toMatchObject({ hasWeights: true, parameters: 9 })
  })

  it('has skips without parameters, and pixels that are left out elsewhere, and lists what nothing takes along', async () => {
    const whole = (name: string, dims: number[], values: number[]): Node => ({ name, dims, data_type: 7, int64_data: values })
    const everySecond = [
      ...[whole('starts', [1], [0]), whole('ends', [1], [2 ** 31 - 1]), whole('two', [1], [2])],
      ...[whole('height', [1], [2]), whole('width', [1], [3]), whole('more', [8], [0, 1, 0, 0, 0, 2, 0, 0])],
    ]
    // As PyTorch's exporter writes x[:, :, ::2, ::2]: an axis at a time.
    const slices = (from: string): Node[] => [
      node('Slice', [from, 'starts', 'ends', 'height', 'two'], `${from}h`),
      node('Slice', [`${from}h`, 'starts', 'ends', 'width', 'two'], `${from}w`),
    ]
    const padded = [...slices('x'), node('Pad', ['xw', 'more'], 'y'), ...HEAD]
    const { document, report } = await taken(bytesOf(padded, [...everySecond, weights('w', [5, 3])]))
    expect(report).toMatchObject({ hasWeights: true, unsupported: [] })
    expect(document.nodes[1]).toMatchObject({ kind: 'padding-shortcut', attributes: { filters: 5, side: 'both' } })
    const sliced = await taken(
      bytesOf([...slices('x'), node('Relu', ['xw'], 'y'), ...HEAD], [...everySecond, weights('w', [2, 3])]),
    )
    expect(sliced.document.nodes[1]).toMatchObject({ kind: 'max-pool', attributes: { size: 1, stride: 2 } })
    const halfway = [...slices('x').slice(0, 1), node('Relu', ['xh'], 'y'), ...HEAD]
    expect((await taken(bytesOf(halfway, [...everySecond, weights('w', [2, 3])]))).report.unsupported).toMatchObject([
      { what: 'Slice', why: 'its steps along height and width differ' },
    ])
    const last = [node('Conv', ['x', 'k'], 'c'), node('Softmax', ['c'], 'y'), ...HEAD]
    expect((await taken(bytesOf(last, [conv(), weights('w', [2, 3])]))).report.unsupported).toMatchObject([{ what: 'Softmax' }])
  })

  it('with gates between its residual blocks measures the blocks alone, and a block that is weighed as a whole is one', async () => {
    const kernel = weights('k', [2, 2, 1, 1])
    const residual = (from: string, to: string): Node[] => [
      ...[node('Conv', [from, 'k'], `${to}a`), node('Add', [`${to}a`, from], to)],
    ]
    const gate = (from: string, by: string, to: string): Node[] => [
      ...[node('Conv', [by, 'k'], `${to}c`), node('Sigmoid', [`${to}c`], `${to}s`), node('Mul', [from, `${to}s`], to)],
    ]
    const measured = async (nodes: Node[]): Promise<string[]> => {
      const all = [node('Conv', ['x', 'k'], 'x0'), ...nodes, ...HEAD]
      const { document } = await taken(bytesOf(all, [kernel, weights('w', [2, 3])]))
      return expand(networkFromDocument(document)).units.flatMap(({ name, kind }) => (kind === 'block' ? [name] : []))
    }
    const round = (from: string, to: string): Node[] => [...residual(from, `${to}r`), ...gate(`${to}r`, `${to}r`, to)]
    expect(await measured([...round('x0', 'a'), ...round('a', 'b'), ...round('b', 'y')])).toEqual(
      [1, 2, 3].map((at) => `stage1.block${at}.part1`),
    )
    expect(await measured([...residual('x0', 'r'), ...gate('r', 'x0', 'y')])).toEqual(['stage1.block1'])
    expect(await measured(gate('x0', 'x0', 'y'))).toEqual([])
  })

  it('with stems of a pre-activation network folds norm and activation into the block that they lead into', async () => {
    const block = (from: string, to: string): Node[] => [
      node('Relu', [from], `${to}a`),
      node('Conv', [`${to}a`, 'k'], `${to}b`, PADDED),
      node('Add', [`${to}b`, from], to),
    ]
    const nodes = [node('Conv', ['x', 'k'], 's', PADDED), ...block('s', 'b1'), ...block('b1', 'b2'), ...block('b2', 'y'), ...HEAD]
    const { report, document } = await taken(bytesOf(nodes, [conv(), weights('w', [2, 3])]))
    expect(report.folded).toEqual([{ path: 'stage1.block', copies: 3, layers: 3 }])
    expect(document.nodes.map(({ id }) => id)).toEqual(['input', 'stem', 'stage1', 'pool', 'head', 'loss'])
  })

  it('gets one sentence where it is spoilt', async () => {
    const whole = bytesOf([node('Conv', ['x', 'k'], 'y', PADDED), ...HEAD], [conv(), weights('w', [2, 3])])
    await expect(taken(whole.subarray(0, whole.length - 7))).rejects.toThrow('net.onnx: this is no ONNX file, or it is cut off')
    await expect(taken(new Uint8Array(0))).rejects.toThrow('the file is empty')
    await expect(taken(Buffer.from('{"not": "onnx"}'))).rejects.toThrow(/no ONNX file|no network in it/)
    const ring = [node('Add', ['x', 'b'], 'a'), node('Relu', ['a'], 'b'), ...HEAD]
    await expect(taken(bytesOf(ring, [weights('w', [2, 3])], undefined, ['b']))).rejects.toThrow(/feeds itself/)
    const huge = { name: 'k', dims: [2 ** 40, 2 ** 40, 3, 3], data_type: 1, raw_data: new Uint8Array(8) }
    await expect(taken(bytesOf([node('Conv', ['x', 'k'], 'y'), ...HEAD], [huge, weights('w', [2, 3])]))).rejects.toThrow(
      /claims .* numbers, more than any file holds/,
    )
    const short = { ...conv(), raw_data: new Uint8Array(12) }
    await expect(taken(bytesOf([node('Conv', ['x', 'k'], 'y'), ...HEAD], [short, weights('w', [2, 3])]))).rejects.toThrow(
      'tensor "k" holds 12 bytes and says 2×2×3×3 numbers of 4',
    )
    const odd = weights('w', [2, 3], [NaN, 0, 0, 0, 0, 0])
    await expect(taken(bytesOf([node('Conv', ['x', 'k'], 'y'), ...HEAD], [conv(), odd]))).rejects.toThrow(
      'the kernel of head holds NaN',
    )
    await expect(taken(bytesOf([node('Relu', ['x'], 'out')], [], [1, 8]))).rejects.toThrow('what enters has 2 axes')
    // Cut off or changed anywhere, it is read, or refused in a sentence.
    for (let at = 0; at < whole.length; at += 13) {
      const spoilt = Uint8Array.from(whole)
      spoilt[at]! ^= 0xff
      for (const bytes of [spoilt, whole.subarray(0, at)])
        await taken(bytes).catch((error: unknown) => expect((error as Error).name, String(error)).toBe('UserError'))
    }
  })

  it('takes weights from a file beside it, and from nowhere else', async () => {
    const inner = path.join(folder, 'inner')
    mkdirSync(inner)
    const data = Float32Array.from({ length: 36 }, (_, i) => i / 100)
    writeFileSync(path.join(inner, 'data.bin'), Buffer.concat([Buffer.alloc(8), Buffer.from(data.buffer)]))
    writeFileSync(path.join(folder, 'secret.bin'), Buffer.from(data.buffer))
    symlinkSync(path.join(folder, 'secret.bin'), path.join(inner, 'link.bin'))
    const from = (location: string, offset = '0'): Promise<ImportedNetwork> => {
      const external = ['location', location, 'offset', offset, 'length', '144']
      const external_data = [0, 2, 4].map((at) => ({ key: external[at], value: external[at + 1] }))
      const kernel = { name: 'k', dims: [2, 2, 3, 3], data_type: 1, data_location: 1, external_data }
      return taken(bytesOf([node('Conv', ['x', 'k'], 'y', PADDED), ...HEAD], [kernel, weights('w', [2, 3])]), inner)
    }
    expect((await from('data.bin', '8')).report.hasWeights).toBe(true)
    for (const place of ['../secret.bin', path.join(folder, 'secret.bin'), 'link.bin', 'x/../../secret.bin', ''])
      await expect(from(place), place).rejects.toThrow(/own folder/)
    await expect(from('missing.bin')).rejects.toThrow('lies in "missing.bin", which is not beside the file; put it there')
    await expect(from('data.bin', '64')).rejects.toThrow('shall have 144 bytes of "data.bin", which has no such')
    expect(readFileSync(path.join(folder, 'secret.bin'))).toHaveLength(144)
    // What it may ask for goes by the bytes of each file once, whatever it is called.
    const itself = path.join(inner, 'net.onnx')
    writeFileSync(itself, Buffer.alloc(100))
    symlinkSync(path.join(inner, 'data.bin'), path.join(inner, 'again.bin'))
    const named = ['data.bin', './data.bin', './/data.bin', 'again.bin', 'net.onnx', './net.onnx', 'missing.bin']
    expect(bytesBeside(itself, named.map((value) => ({ external_data: [{ key: 'location', value }] })))).toBe(152) // prettier-ignore
  })
})
