import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parameterLayout } from '../../../main/engine/graph/layout'
import { readBatch, readVector } from '../../../main/engine/tasks/tensors'
import { openWeights, openWeightsFor, readWeights, reportWeights } from '../../../main/engine/weights'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../../main/formats/safetensors'
import { expand, networkFromPreset } from '../../../shared/architecture'

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
