import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parameterLayout } from '../../../main/engine/graph/layout'
import { readBatch, readVector } from '../../../main/engine/tasks/tensors'
import { openWeights, openWeightsFor, readWeights, reportWeights } from '../../../main/engine/weights'
import { paddedOtherwise } from '../../../main/engine/weights/edges'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../../main/formats/safetensors'
import { expand, networkFromDocument, networkFromPreset } from '../../../shared/architecture'
import { zip } from '../datasets/import/files'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-weights-in-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const network = expand(networkFromPreset('plain:blocks=1,widths=2/2,input=4x4x1'))
const layout = parameterLayout(network)

function written(name: string, tensors: readonly TensorSource[]): string {
  const file = path.join(folder, `${name}.safetensors`)
  writeSafetensors(file, tensors)
  return file
}

const ones = layout.slots.map(({ name, shape, length }) => ({ name, shape, length }))

/** The network's parameters, all 1 in double precision, but for the first one's last value. */
const withLast = (value: number): TensorSource[] =>
  ones.map(({ name, shape, length }, i) => {
    const data = new Float64Array(length).fill(1)
    if (i === 0) data[length - 1] = value
    return { name, shape, dtype: 'F64', data }
  })

it.each([
  [1e300, '1e+300, beyond the ±3.4e38 of single precision'],
  [-Infinity, 'a value that is not finite'],
])('weights with %s are refused by name, however they are read', async (value, words) => {
  const file = written(`last ${value}`, withLast(value))
  const sentence = `${file}: tensor "${ones[0]!.name}" holds ${words}; use other weights`
  const weights = await openWeights(file)
  expect(() => readVector(weights, layout, ['param/', ''])).toThrow(sentence)
  weights.close()
  const fitted = await openWeightsFor(network, { file })
  expect(() => readWeights(fitted, layout)).toThrow(sentence)
  fitted.close()
})

it('images beyond single precision are refused too', () => {
  const file = written('batch', [
    { name: 'images', shape: [1, 4, 4, 1], dtype: 'F64', data: new Float64Array(16).fill(1e200) },
    { name: 'labels', shape: [1], dtype: 'I32', data: Int32Array.of(0) },
  ])
  const batch = SafetensorsReader.open(file)
  expect(() => readBatch(batch, '', [4, 4, 1], 10)).toThrow('tensor “images”: it holds 1e+200, beyond the ±3.4e38')
  batch.close()
})

it('a file without a tensor has nothing to be mapped', async () => {
  const file = written('none', [])
  await expect(reportWeights(network, { file })).rejects.toThrow(`${file}: it holds no tensor; choose a file of weights`)
})

it('an empty file is called empty, whatever its name', async () => {
  for (const name of ['empty.th', 'empty.safetensors']) {
    const file = path.join(folder, name)
    writeFileSync(file, '')
    await expect(openWeights(file)).rejects.toThrow(`${file}: the file is empty; fetch it again`)
  }
})

it('a zip of weights that unpacks to far more than it is gets a remedy of weights', async () => {
  const file = path.join(folder, 'bomb.npz')
  const bytes = Buffer.from(zip({ 'arr_0.npy': Buffer.alloc(100) }))
  // Its list says a gigabyte, which is what is gone by before anything is unpacked.
  bytes.writeUInt32LE(2 ** 30, bytes.indexOf('PK\u0001\u0002', 0, 'latin1') + 24)
  writeFileSync(file, bytes)
  await expect(openWeights(file)).rejects.toThrow(/more than 100 times its size; choose a file of weights that you trust/)
})

it('what is left out of a file is told where it is opened', async () => {
  const tensors = Object.fromEntries(ones.map(({ name }) => [name, `foreign/${name}`]))
  const file = written('foreign', [
    ...ones.map(({ name, shape, length }) => ({ name: `foreign/${name}`, shape, data: new Float32Array(length).fill(1) })),
    { name: 'stray', shape: [7], data: new Float32Array(7) },
  ])
  const opened = await openWeightsFor(network, { file, map: { format: 'normlab/weight-map', version: 1, tensors } })
  expect(opened.remarks).toEqual([`1 of the file’s ${ones.length + 1} tensors is left out: stray`])
  opened.close()
})

it.each([
  [{ size: 3, stride: 2, padding: 'same' }, 1],
  [{ size: 2, stride: 2, padding: 'same' }, 0],
  [{ size: 3, stride: 2, padding: 'symmetric' }, 0],
  [{ size: 3, stride: 1, padding: 'same' }, 0],
])('a pool of %j is told of %d times as one whose windows lie elsewhere than PyTorch’s', (attributes, count) => {
  const nodes = [
    { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 4 } },
    { id: 'pool', kind: 'max-pool', attributes },
    { id: 'flat', kind: 'global-average-pool' },
    { id: 'head', kind: 'dense', attributes: { units: 3 } },
    { id: 'loss', kind: 'softmax-cross-entropy' },
  ]
  const pooled = expand(networkFromDocument({ format: 'normlab/network', version: 1, name: 'n', nodes }))
  expect(paddedOtherwise(pooled)).toEqual(Array.from({ length: count }, () => expect.stringMatching(/^pool would slide/)))
})
