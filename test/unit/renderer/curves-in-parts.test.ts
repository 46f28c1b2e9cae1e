import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../shared/api'
import { curvesInParts, wholeCurves } from '../../../renderer/lab/curves'
import { growing } from '../../../renderer/runs/use-block-history'
import { curvesOf } from '../support/curves'

/** A run of so many steps, whose loss is its step; asked is what was asked for. */
function labWith(steps: number) {
  const asked: { from: number; to: number }[] = []
  const request = (_: string, { from, to = steps }: { from: number; to?: number }): unknown => {
    asked.push({ from, to })
    const numbers = Array.from({ length: Math.max(0, Math.min(to, steps) - from + 1) }, (_, i) => from + i)
    return Promise.resolve(curvesOf(numbers, { loss: numbers }))
  }
  return { lab: { request } as unknown as Pick<Lab, 'request'>, asked }
}

describe('the curves of a long run', () => {
  it('come in parts that are whole together, and hold what came since', async () => {
    // 1,234 steps were taken after the last was told of.
    const { lab, asked } = labWith(200_000 + 1234)
    const { step, loss, rate } = await wholeCurves(lab, 7, 200_000)
    expect(step).toEqual(Float64Array.from({ length: 201_234 }, (_, i) => i + 1))
    expect(loss).toEqual(Float32Array.from(step))
    expect(rate).toHaveLength(201_234)
    expect(asked.length).toBeGreaterThan(2)
    expect(Math.max(...asked.map(({ from, to }) => to - from + 1))).toBeLessThan(70_000)
  })

  it('are asked for from where they end while the run goes on, and anew of something else', async () => {
    const asked: [string, number][] = []
    let [what, last] = ['c = 1', 3]
    const again = growing(
      () => what,
      (from) => {
        asked.push([what, from])
        const step = Float64Array.from({ length: last - from + 1 }, (_, i) => from + i)
        return Promise.resolve({ step, share: Float32Array.from(step) })
      },
    )
    expect((await again()).share).toEqual(Float32Array.of(1, 2, 3))
    last = 5
    expect(await again()).toEqual({ step: Float64Array.of(1, 2, 3, 4, 5), share: Float32Array.of(1, 2, 3, 4, 5) })
    what = 'c = 2'
    expect((await again()).step).toHaveLength(5)
    expect(asked).toEqual([
      ['c = 1', 1],
      ['c = 1', 4],
      ['c = 2', 1],
    ])
  })

  it('are one answer of a short run, and of one without a step', async () => {
    for (const steps of [0, 1, 384, 65_536]) {
      const { lab, asked } = labWith(steps)
      const parts = []
      for await (const part of curvesInParts(lab, 7, steps)) parts.push(part)
      expect(parts.map(({ step }) => step.length)).toEqual([steps])
      expect(asked).toHaveLength(1)
    }
  })
})
