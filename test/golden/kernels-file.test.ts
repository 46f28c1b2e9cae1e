import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { repairFile, spectrum as anySpectrum } from '../../main/engine/tasks/kernels'
import { projectKernel } from '../../main/engine/graph/procrustes'
import { SafetensorsReader, writeSafetensors } from '../../main/formats/safetensors'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { cases, golden } from './support/reference'

const folder = mkdtempSync(path.join(os.tmpdir(), 'normlab-kernels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, shape: readonly number[], data: Float32Array): string {
  const file = path.join(folder, `${name}.safetensors`)
  writeSafetensors(file, [
    { name: 'kernel', shape, data },
    { name: 'other', shape: [2], data: Float32Array.of(1, 2) },
  ])
  return file
}

/** Of a kernel that is small enough for all of its values. */
function spectrum(task: Parameters<typeof anySpectrum>[0]): { singularValues: Float32Array } {
  const found = anySpectrum(task)
  if (!('singularValues' in found)) throw new Error('only the extremes were found')
  return found
}

const normals = (count: number, seed: number): Float32Array => {
  const random = new Random(seed, 1)
  return Float32Array.from({ length: count }, () => random.normal())
}

/** The matrix [out pixels and channels, in pixels and channels] of the convolution that wraps around, from its definition. */
function circulant(kernel: Float32Array, shape: readonly number[], [gh, gw]: readonly [number, number]): Float32Array {
  const [kh, kw, fanIn, fanOut] = shape as [number, number, number, number]
  const columns = gh * gw * fanIn
  const dense = new Float32Array(gh * gw * fanOut * columns)
  for (let y = 0; y < gh; y++)
    for (let x = 0; x < gw; x++)
      for (let a = 0; a < kh; a++)
        for (let b = 0; b < kw; b++)
          for (let i = 0; i < fanIn; i++)
            for (let o = 0; o < fanOut; o++) {
              const from = (((y + a) % gh) * gw + ((x + b) % gw)) * fanIn + i
              dense[((y * gw + x) * fanOut + o) * columns + from]! += kernel[((a * kw + b) * fanIn + i) * fanOut + o]!
            }
  return dense
}

describe('the spectrum of a convolution', () => {
  const file = golden('projection')
  it.each(cases.projection)('of $name is the reference’s', ({ name, size }) => {
    const weights = write(name, file.shape(`${name}.kernel`), file.floats(`${name}.kernel`))
    expectClose(spectrum({ weights, tensor: 'kernel', size }).singularValues, file.floats(`${name}.singular_values`), 1e-4, name) // prettier-ignore
  })

  it.each([
    { shape: [3, 3, 2, 3], size: 4 },
    { shape: [1, 1, 3, 2], size: 3 },
    { shape: [3, 3, 2, 2], size: 2 },
    { shape: [5, 5, 1, 2], size: 3 },
  ])('of $shape on a side of $size is that of its dense matrix', ({ shape, size }) => {
    const values = normals(
      shape.reduce((a, b) => a * b),
      5,
    )
    const dense = circulant(values, shape, [size, size])
    const columns = size * size * shape[2]!
    const found = spectrum({ weights: write('conv', shape, values), tensor: 'kernel', size })
    const wanted = spectrum({
      weights: write('dense', [dense.length / columns, columns], dense),
      tensor: 'kernel',
    })
    expectClose(found.singularValues, wanted.singularValues, 1e-5, 'spectrum')
  })

  it('is refused without a size, and of a kernel that is not finite', () => {
    const weights = write('bad', [1, 1, 1, 2], Float32Array.of(1, NaN))
    expect(() => spectrum({ weights, tensor: 'kernel', size: 2 })).toThrow('not finite')
    const wide = path.join(folder, 'wide.safetensors')
    writeSafetensors(wide, [{ name: 'kernel', shape: [1, 2], dtype: 'F64', data: Float64Array.of(1, 1e300) }])
    expect(() => spectrum({ weights: wide, tensor: 'kernel' })).toThrow(
      'it holds 1e+300, beyond the ±3.4e38 of single precision, and has no singular values',
    )
    const good = write('good', [1, 1, 1, 2], Float32Array.of(1, 2))
    expect(() => spectrum({ weights: good, tensor: 'kernel' })).toThrow('add --size')
  })
})

describe('a projection', () => {
  const project = (shape: readonly number[], values: Float32Array, grid: [number, number]): Float32Array[] =>
    evaluate(
      (g) => {
        const { kernel, rank } = projectKernel(g, g.placeholder('kernel', shape), grid, 'svd')
        return [kernel, rank]
      },
      { kernel: { shape, values } },
    )

  it.each([
    { shape: [3, 3, 2, 4], grid: [2, 2] as [number, number] },
    { shape: [3, 3, 3, 3], grid: [1, 1] as [number, number] },
    { shape: [3, 5, 2, 2], grid: [3, 4] as [number, number] },
  ])('of $shape on $grid, which it covers, makes all singular values of the dense matrix sqrt(out/in)', ({ shape, grid }) => {
    const [projected] = project(
      shape,
      normals(
        shape.reduce((a, b) => a * b),
        7,
      ),
      grid,
    )
    const dense = circulant(projected!, shape, grid)
    const columns = grid[0] * grid[1] * shape[2]!
    const { singularValues } = spectrum({ weights: write('p', [dense.length / columns, columns], dense), tensor: 'kernel' }) // prettier-ignore
    const wanted = Math.sqrt(shape[3]! / shape[2]!)
    for (const value of singularValues) expect(value).toBeCloseTo(wanted, 4)
  })

  it('of a 1×1 kernel is the general way’s on any grid', () => {
    const values = normals(6, 9)
    const [short] = project([1, 1, 2, 3], values, [4, 4])
    // The same kernel in the corner of a 2×2 one, on a grid of its own size, takes the general way.
    const corner = new Float32Array(24)
    corner.set(values)
    const [general] = project([2, 2, 2, 3], corner, [2, 2])
    expectClose(general!.subarray(0, 6), short!, 1e-6, 'corner')
  })

  it('tells the least rank, and leaves a kernel that is not finite alone', () => {
    expect(project([1, 1, 2, 2], Float32Array.of(1, 2, 2, 4), [3, 3])[1]![0]).toBe(1)
    expect(project([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4), [3, 3])[1]![0]).toBe(2)
    const values = Float32Array.of(1, Infinity, 3, 4)
    const [kernel, rank] = project([1, 1, 2, 2], values, [3, 3])
    expect(kernel).toEqual(values)
    expect(rank![0]).toBe(-1)
  })
})

describe('a file with one kernel repaired', () => {
  it('has the repaired kernel and all else as it was', () => {
    const weights = write('all', [3, 2], normals(6, 3))
    const out = path.join(folder, 'out.safetensors')
    expect(repairFile({ change: { kind: 'whiten' }, weights, tensor: 'kernel', out })).toEqual({
      rank: 2,
      fullRank: 2,
      range: null,
      clipping: null,
    })
    const reader = SafetensorsReader.open(out)
    expect(reader.readFloats('other')).toEqual(Float32Array.of(1, 2))
    reader.close()
    const { singularValues } = spectrum({ weights: out, tensor: 'kernel' })
    expect(singularValues[0]).toBeCloseTo(1, 5)
    expect(singularValues[1]).toBeCloseTo(1, 5)
  })

  it('is refused for a kernel of the other kind', () => {
    const weights = write('kind', [3, 2], normals(6, 3))
    const out = path.join(folder, 'no.safetensors')
    expect(() => repairFile({ change: { kind: 'project', method: 'svd' }, weights, tensor: 'kernel', size: 4, out })).toThrow(
      'whiten it',
    )
  })
})
