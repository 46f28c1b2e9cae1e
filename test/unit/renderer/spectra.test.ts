import { describe, expect, it } from 'vitest'
import { histogram, histogramEnds } from '../../../renderer/spectra/histogram'
import { sortedLayers } from '../../../renderer/spectra/layer-order'
import { spectrumCurves, spectrumTable } from '../../../renderer/spectra/shown-spectra'
import { initialWord, questionOf, runOf, runWord } from '../../../renderer/spectra/source'
import type { LayerSpectrum } from '../../../shared/api'
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
    expect(spectrumCurves(shown(large))[0]).toMatchObject({ style: 'points', y: [2, 0.1] })
    expect(spectrumTable(shown(large), true).rows[0]).toEqual(['as it wraps around', 1, 2, 1, 0.01])
  })
})
