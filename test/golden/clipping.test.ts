import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Grid, Taps } from '../../main/engine/graph/kernel-transform'
import { clipKernel } from '../../main/engine/graph/procrustes'
import { settledClip } from '../../main/engine/tasks/settled-clip'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'

/** Made by reference/torch/make_clipping.py with numpy. */
const file = SafetensorsReader.open(path.join(__dirname, 'reference/torch/clipping.safetensors'))
const cases = JSON.parse(file.metadata['cases']!) as {
  name: string
  grid: Grid | null
  interval: [number, number]
  taps: Taps
  rounds: number | null
}[]

describe('clipping singular values', () => {
  it.each(cases)('of $name into $interval, as numpy does', ({ name, grid, interval, taps }) => {
    const { shape } = file.info(`${name}.kernel`)
    const values = file.readFloats(`${name}.kernel`)
    const [clipped] = evaluate((g) => [clipKernel(g, g.placeholder('kernel', shape), grid, interval, taps).kernel], {
      kernel: { shape, values },
    })
    expectClose(clipped!, file.readFloats(`${name}.clipped`), 1e-5, name)
  })

  it.each(cases.filter(({ rounds }) => rounds !== null))('of $name into $interval in $rounds rounds, as numpy does', (one) => {
    const { name, grid, interval, taps, rounds } = one
    const { shape } = file.info(`${name}.kernel`)
    const kernel = { shape, values: file.readFloats(`${name}.kernel`), ...taps }
    const heard: number[] = []
    const settled = settledClip(kernel, grid!, { interval, rounds: rounds! }, (round) => heard.push(round))
    expectClose(settled.values, file.readFloats(`${name}.settled`), 1e-4, name)
    expect([heard.length, settled.outcome!.rounds]).toEqual([rounds, rounds])
    expect(settled.outcome!.outside).toBeGreaterThan(0)
  })

  it('ends once the values lie in the interval', () => {
    const { shape } = file.info('even.kernel')
    const { grid, interval } = cases.find(({ name }) => name === 'even')!
    const settled = settledClip({ shape, values: file.readFloats('even.kernel') }, grid!, { interval, rounds: 30 })
    expect(settled.outcome).toMatchObject({ outside: 0 })
    expect(settled.outcome!.rounds).toBeLessThan(10)
    expect(settled.outcome!.greatest).toBeLessThan(interval[1] * 1.001)
    // A kernel that is in the interval after the first time is left so: a pointwise one always is.
    const pointwise = cases.find(({ name }) => name === 'pointwise')!
    const kernel = { shape: file.info('pointwise.kernel').shape, values: file.readFloats('pointwise.kernel') }
    const once = settledClip(kernel, pointwise.grid!, { interval: pointwise.interval, rounds: 30 })
    expect(once.outcome!.rounds).toBe(1)
    expectClose(once.values, file.readFloats('pointwise.clipped'), 1e-5, 'pointwise')
  })

  it('leaves a kernel alone whose values lie in the interval, and one that is not finite', () => {
    const shape = [3, 3, 2, 2]
    const values = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i + 1) / 4)
    const broken = values.map((value, i) => (i === 5 ? NaN : value))
    for (const kernel of [values, broken]) {
      const [clipped, rank] = evaluate(
        (g) => {
          const { kernel: made, rank } = clipKernel(g, g.placeholder('kernel', shape), [6, 6], [0, 100])
          return [made, rank]
        },
        { kernel: { shape, values: kernel } },
      )
      if (kernel === broken) expect([...clipped!]).toEqual([...kernel])
      else expectClose(clipped!, kernel, 1e-6, 'unclipped')
      expect(rank![0]).toBe(kernel === broken ? -1 : NaN)
    }
  })

  it('leaves directions of a rank-deficient dense kernel that are missing, and tells the rank', () => {
    // Of rank 1, with the one singular value 2√6.
    const values = new Float32Array(6).fill(2)
    const [clipped, rank] = evaluate(
      (g) => {
        const { kernel, rank } = clipKernel(g, g.placeholder('kernel', [3, 2]), null, [0.5, 1])
        return [kernel, rank]
      },
      { kernel: { shape: [3, 2], values } },
    )
    expectClose(clipped!, new Float32Array(6).fill(1 / Math.sqrt(6)), 1e-6, 'rank 1')
    expect(rank![0]).toBe(1)
  })
})
