import { describe, expect, it } from 'vitest'
import { heatLegend } from '../../../renderer/charts/heat-legend'
import { channelNumbers } from '../../../renderer/designer/library/channel-numbers'
import { lookRows } from '../../../renderer/runs/spectra/look-rows'
import { histogram, histogramEnds } from '../../../renderer/spectra/histogram'
import { sortedLayers } from '../../../renderer/spectra/layer-order'
import { spectrumCurves, spectrumTable } from '../../../renderer/spectra/shown-spectra'
import { initialWord, questionOf, runOf, runWord } from '../../../renderer/spectra/source'
import type { LayerSpectrum } from '../../../shared/api'
import { directions, lostDirections } from '../../../shared/spectra/lost-directions'
import { quantiles, summariseSpectrum } from '../../../shared/spectra/summary'

function layer(name: string, numbers: number[], times = 1): LayerSpectrum {
  const values = Float32Array.from(numbers)
  return {
    ...{
      name,
      unit: null,
      kind: 'convolution',
      kernel: [3, 3, 1, 1],
      input: [4, 4],
      stride: 1,
      dilation: 1,
      groups: 1,
      padding: 1,
    },
    ...{ acts: 'circular', values, times, extremes: null, edgeShare: 0, gramBound: null },
    summary: summariseSpectrum({ values, times }),
    quantiles: quantiles({ values, times }, 5),
  }
}

describe('whose spectra a page shows', () => {
  it('is in its address, word by word', () => {
    expect(questionOf(runWord(3, null))).toEqual({ weights: { run: 3 } })
    expect(questionOf(runWord(3, 120))).toEqual({ weights: { run: 3, step: 120 } })
    expect(questionOf('item:2')).toEqual({ weights: { item: 2 } })
    expect(questionOf(initialWord('proc-resnet:blocks=2,planes=4/8', 7))).toEqual({
      ...{ weights: { seed: 7, init: 'he-fan-in' }, network: 'proc-resnet:blocks=2,planes=4/8' },
    })
    expect(runOf('run:3@120')).toEqual({ run: 3, step: 120 })
    for (const word of ['run:', 'run:x', 'item:-1', 'file:/etc/passwd', 'initial:1:', '']) expect(questionOf(word)).toBeNull()
  })
})

describe('the list of layers', () => {
  it('is sorted by a figure, and what has none stands behind either way', () => {
    const layers = [layer('b10', [2, 1]), layer('b9', [3, 0]), layer('none', [0, 0]), layer('b1', [5, 4])]
    const names = (isDown: boolean): string[] => sortedLayers(layers, 'condition', isDown).map(({ name }) => name)
    expect(names(true)).toEqual(['b9', 'b10', 'b1', 'none'])
    expect(names(false)).toEqual(['b1', 'b10', 'b9', 'none'])
    expect(sortedLayers(layers, 'name', false).map(({ name }) => name)).toEqual(['b1', 'b9', 'b10', 'none'])
    expect(sortedLayers(layers, 'order', true)[0]!.name).toBe('b1')
  })
})

describe('a histogram', () => {
  it('has each value once, the ones at the edges too, as often as it occurs', () => {
    const values = [4, 2, 1, 0.5, 0]
    for (const isLog of [false, true]) {
      const ends = histogramEnds([values], isLog)
      const { edges, counts } = histogram(values, 3, ends, 7, isLog)
      expect(counts.reduce((a, b) => a + b)).toBe(15)
      expect(edges).toHaveLength(8)
      expect(edges[0]).toBeCloseTo(isLog ? 0.5 : 0, 12)
      expect(counts[6]).toBe(3)
    }
    expect(histogramEnds([[0, 0]], true)).toEqual([0.1, 10])
  })
})

describe('a spectrum as charts show it', () => {
  const shown = (one: LayerSpectrum) => [{ id: 'a', name: 'as it wraps around', colour: 0, layer: one }]
  it('goes from the largest to the smallest, and its file has all', () => {
    const [curve] = spectrumCurves(shown(layer('l', [3, 2, 1])))
    expect([...Array.from(curve!.x), ...Array.from(curve!.y)]).toEqual([0, 50, 100, 3, 2, 1])
    const long = layer(
      'l',
      Array.from({ length: 900 }, (_, i) => 900 - i),
    )
    expect(spectrumTable(shown(long), true).rows).toHaveLength(900)
    expect(spectrumTable(shown(long), false)).toMatchObject({ note: expect.stringContaining('500') as string })
  })

  it('of a large operator is its two ends, with what they may be off by', () => {
    const bounded = (value: number) => ({ value, error: 0.01 })
    const large = {
      ...layer('l', [1]),
      values: null,
      extremes: { largest: bounded(2), smallest: bounded(0.1), frobenius: bounded(9) },
    }
    expect(spectrumCurves(shown(large))[0]).toMatchObject({ style: 'marks', y: [2, 0.1] })
    expect(spectrumTable(shown(large), true).rows[0]).toEqual(['as it wraps around', 1, 2, 1, 0.01])
  })
})

describe('directions that no change brings back', () => {
  const strided = { ...layer('a', [2, 1]), kernel: [1, 1, 16, 32], stride: 2 }
  it('are those that a strided 1×1 convolution does not see', () => {
    expect(directions(strided)).toEqual({ all: 32, reached: 16 })
    expect(lostDirections({ after: strided, rank: 16, fullRank: 16 })).toMatch(/^16 of every 32 singular values stay 0/)
    expect(directions({ ...strided, kernel: [3, 3, 16, 32] })).toEqual({ all: 32, reached: 32 })
    expect(directions({ ...strided, kernel: [1, 1, 16, 16] })).toEqual({ all: 16, reached: 16 })
    expect(directions({ ...strided, kind: 'dense', kernel: [64, 10], stride: 1 })).toEqual({ all: 10, reached: 10 })
  })
  it('are those that the kernel had lost before', () => {
    expect(lostDirections({ after: { ...strided, stride: 1 }, rank: 3, fullRank: 16 })).toContain('rank 3 of 16')
    expect(lostDirections({ after: { ...strided, stride: 1 }, rank: null, fullRank: 16 })).toBe('')
  })
})

describe('looks that were left out', () => {
  const look = (step: number, skipped: number) => ({ step, skipped, cpuMs: 1, wallMs: 1, values: Float32Array.of(step) })
  it('are rows without numbers, where they fell due', () => {
    const rows = lookRows([look(0, 0), look(10, 0), look(40, 2), look(41, 1)], 1, (values) => values[0]!)
    expect(rows.map(({ label, isGap }) => [label, isGap ?? false])).toEqual([
      ...[
        [0, false],
        [10, false],
      ],
      ...[
        [20, true],
        [30, true],
        [40, false],
        [41, false],
      ],
    ])
    expect(rows[2]!.mean[0]).toBeNaN()
    expect(heatLegend(rows, 1, 'mean', 100).map(({ text }) => text)).toContain('not measured')
  })
})

describe('mean and deviation as they are typed', () => {
  it('are numbers with commas between them, or none', () => {
    expect(channelNumbers(' ')).toEqual([])
    expect(channelNumbers('0.485, 0.456,0.406')).toEqual([0.485, 0.456, 0.406])
    expect(channelNumbers('0.4,,1')).toBeUndefined()
    expect(channelNumbers('grey')).toBeUndefined()
  })
})
