import { describe, expect, it } from 'vitest'
import { notConverged, tableText } from '../../../main/cli/network-spectra'
import type { LayerSpectrum } from '../../../shared/api'

/** A layer of which an estimate is all there is. */
function estimated(name: string, smallest: number, error: number): LayerSpectrum {
  return {
    ...{ name, unit: 'stem', kind: 'convolution', acts: 'padded', kernel: [3, 3, 16, 16], input: [32, 32] },
    ...{
      stride: 1,
      dilation: 1,
      groups: 1,
      padding: 'same',
      summary: null,
      values: null,
      times: 1,
      edgeShare: null,
      gramBound: null,
    },
    quantiles: new Float32Array(0),
    extremes: {
      largest: { value: 2, error: 1e-6 },
      smallest: { value: smallest, error },
      frobenius: { value: 90, error: 1e-10 },
    },
  }
}

describe('the table of spectra', () => {
  it('tells an estimate with what it may be off by', () => {
    const row = tableText({ layers: [estimated('stem.conv', 0.01725, 0.206)] }).split('\n')[1]
    expect(row).toContain('0.01725 ± 0.2060')
  })

  it('says where the smallest value was not reached, and only there', () => {
    expect(notConverged({ layers: [estimated('good', 0.3, 0.001)] })).toEqual([])
    const layers = [estimated('good', 0.3, 0.001), estimated('bad', 0.01725, 0.206)]
    expect(notConverged({ layers })).toEqual([expect.stringMatching(/^σₙ of bad has not converged/)])
  })
})
