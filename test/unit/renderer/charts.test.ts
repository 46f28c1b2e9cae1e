import { describe, expect, it } from 'vitest'
import { boundDelta, shareWithin, smallestBoundConstant } from '../../../shared/norms/bound'
import { blockAt, blockX, zoomed } from '../../../renderer/charts/plot-frame'
import { stagesOf } from '../../../renderer/charts/stages'
import { orderRuns } from '../../../renderer/runs/table/order'
import type { Summary } from '../../../renderer/run-list/run-state'
import { formatCount, formatDuration, formatLarge, formatPercent, formatRatio, spacedCounts } from '../../../renderer/ui/format'
import { inspectNetwork, networkFromPreset } from '../../../shared/architecture'

describe('the bound', () => {
  it('is c·log(2L)/L, and the smallest c is the one that just covers', () => {
    expect(boundDelta(1, 54)).toBeCloseTo(Math.log(108) / 54)
    const ratios = [0.9, 1.05, 1.2]
    const c = smallestBoundConstant(ratios)
    expect(boundDelta(c, 3)).toBeCloseTo(0.2)
    expect(shareWithin(ratios, boundDelta(c, 3) + 1e-9)).toBe(1)
    expect(shareWithin(ratios, 0.11)).toBeCloseTo(2 / 3)
    expect(smallestBoundConstant([1, NaN])).toBeNaN()
    expect(shareWithin([1, NaN, 2, Infinity], 0.1)).toBe(0.5)
    expect(shareWithin([NaN, NaN], 0.1)).toBeNaN()
  })
})

it('stages are the blocks between transitions, with their resolution', () => {
  const document = networkFromPreset('proc-resnet:blocks=2,planes=4/8/16')
  expect(stagesOf(inspectNetwork(document).units)).toEqual([
    { name: 'stage1', from: 1, to: 2, resolution: '32×32×16' },
    { name: 'stage2', from: 4, to: 5, resolution: '16×16×32' },
    { name: 'stage3', from: 7, to: 8, resolution: '8×8×64' },
  ])
})

describe('the axis of blocks', () => {
  it('finds the block under each of its own pixels', () => {
    const view = { from: 10, to: 309 }
    for (const block of [10, 100, 309]) expect(blockAt(blockX(block, view, 900), view, 900)).toBe(block)
    expect(blockAt(3, view, 900)).toBeNull()
  })

  it('keeps the block under the pointer when it zooms, and never leaves the blocks', () => {
    const near = zoomed({ from: 0, to: 99 }, 100, 30, 0.5)
    expect(near.to - near.from + 1).toBe(50)
    expect(near.from).toBeLessThanOrEqual(30)
    expect(near.to).toBeGreaterThanOrEqual(30)
    expect(zoomed(near, 100, 30, 4)).toEqual({ from: 0, to: 99 })
    expect(zoomed({ from: 0, to: 2 }, 3, 1, 0.1)).toEqual({ from: 0, to: 2 })
  })
})

it('runs without a value come last in either order', () => {
  const run = (id: number, loss: number | null) => ({ id, pinned: false, measures: { loss } }) as unknown as Summary
  const runs = [run(1, null), run(2, 0.5), run(3, 0.1), run(4, NaN)]
  expect(orderRuns(runs, { column: 'loss', descending: false }).map(({ id }) => id)).toEqual([3, 2, 4, 1])
  expect(orderRuns(runs, { column: 'loss', descending: true }).map(({ id }) => id)).toEqual([2, 3, 4, 1])
})

it('numbers are written as people read them, and what was not measured as a dash', () => {
  expect([formatRatio(1.02345), formatRatio(12.3456), formatRatio(3e7), formatRatio(NaN), formatRatio(Infinity)]).toEqual([
    '1.023',
    '12.35',
    '3.00e7',
    'NaN',
    '∞',
  ])
  expect([formatPercent(0.1234), formatPercent(null)]).toEqual(['12.3 %', '–'])
  expect([formatCount(1234567), formatLarge(1_530_000), formatLarge(999)]).toEqual(['1\u202f234\u202f567', '1.53\u202fM', '999'])
  expect(spacedCounts('317 of 10,000 images, 3.2 % of 1,234,567; 1,2 and (1,200)')).toBe(
    '317 of 10\u202f000 images, 3.2 % of 1\u202f234\u202f567; 1,2 and (1\u202f200)',
  )
  expect([formatDuration(42), formatDuration(190), formatDuration(6480), formatDuration(180_000)]).toEqual([
    '42 s',
    '3 min 10 s',
    '1 h 48 min',
    '2 d 2 h',
  ])
})
