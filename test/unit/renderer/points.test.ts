import { describe, expect, it } from 'vitest'
import { classLegend, lookOfClass, pointsOption, strideOf } from '../../../renderer/datasets/points/points-option'
import { chartTokens } from './chart-tokens'

interface Drawn {
  readonly xAxis: { min: number; max: number; name: string }
  readonly yAxis: { min: number; max: number }
  readonly series: readonly { id: string; data: readonly [number, number][]; itemStyle: { color: string } }[]
}
const size = { width: 872, height: 456 }

describe('vectors as points', () => {
  const values = Float32Array.of(0, 1, 2, -1, -4, 0.5)
  const drawn = pointsOption({ values, labels: [1, 0, 1] }, 3, ['feature 1', 'feature 2'], chartTokens, size) as unknown as Drawn

  it('are a series a class that has any, in its colour', () => {
    expect(drawn.series.map(({ id, data }) => [id, data])).toEqual([
      ['0', [[2, -1]]],
      ['1', [[0, 1], [-4, 0.5]]],
    ]) // prettier-ignore
    expect(drawn.series[1]!.itemStyle.color).toBe(chartTokens.series[1])
  })

  it('stand on axes of one scale, with all of them in sight', () => {
    const perPixel = [(drawn.xAxis.max - drawn.xAxis.min) / (872 - 72), (drawn.yAxis.max - drawn.yAxis.min) / (456 - 56)]
    expect(perPixel[0]).toBeCloseTo(perPixel[1]!, 10)
    expect(drawn.xAxis.min).toBeLessThan(-4)
    expect(drawn.xAxis.max).toBeGreaterThan(2)
    expect(drawn.yAxis.min).toBeLessThan(-1)
    expect(drawn.xAxis.name).toBe('feature 1')
  })

  it('have an axis where all are one, or there is none', () => {
    for (const few of [Float32Array.of(3, 3), new Float32Array(0)]) {
      const labels = few.length > 0 ? [0] : []
      const { xAxis } = pointsOption({ values: few, labels }, 1, ['a', 'b'], chartTokens, size) as unknown as Drawn
      expect(xAxis.max - xAxis.min).toBeGreaterThan(0)
    }
  })

  it('have another shape where the colours begin again', () => {
    expect(lookOfClass(0)).toEqual({ series: 0, symbol: 'circle', shape: 'dot' })
    expect(lookOfClass(9)).toEqual({ series: 1, symbol: 'diamond', shape: 'diamond' })
    expect(classLegend(['a', 'b'])[1]).toEqual({ shape: 'dot', colour: 'var(--series-2)', text: 'b' })
  })

  it('are thinned so that classes that take turns are all met', () => {
    for (const [count, most, classes] of [
      [2000, 600, 2],
      [10_000, 600, 2],
      [9000, 600, 3],
      [100, 600, 2],
      [12_000, 600, 10],
    ] as const) {
      const stride = strideOf(count, most, classes)
      const met = new Set<number>()
      for (let i = 0; i < count; i += stride) met.add(i % classes)
      expect(met.size).toBe(classes)
      expect(Math.ceil(count / stride)).toBeLessThanOrEqual(most)
    }
  })
})
