import { expect, it } from 'vitest'
import { profileLegend, profileOption, type ProfileValues } from '../../../renderer/charts/profile-option'
import { inspectNetwork, networkFromPreset } from '../../../shared/architecture'
import { chartTokens } from './chart-tokens'

const { units } = inspectNetwork(networkFromPreset('plain:blocks=4'))
const filled = (value: number): Float32Array => new Float32Array(units.length).fill(value)
const values: ProfileValues = {
  ...{ step: 3, norms: null, now: filled(1) },
  band: { label: 'epoch 1', mean: filled(1), min: filled(0.5), max: filled(2) },
}

it('draws the band down to the edge where the smallest ratio of a block is 0', () => {
  values.band!.min[2] = 0
  const { series } = profileOption({
    ...{ units, values, range: 10, colours: 10, view: { from: 0, to: units.length - 1 }, delta: null },
    ...{ tokens: chartTokens, width: 800 },
  }) as unknown as { series: { id: string; data: [number, number | '-'][] }[] }
  for (const id of ['band-min', 'band-max'])
    for (const [, y] of series.find((one) => one.id === id)!.data) expect(Number.isFinite(y)).toBe(true)
})

it('names in its legend what it draws, and nothing else', () => {
  const texts = (now: Float32Array): string[] => profileLegend(units, { ...values, now }, 10).map(({ text }) => text)
  const kinds = [...new Set(units.map(({ kind }) => kind))]
  expect(
    texts(filled(1))
      .filter((text) => ['block', 'transition', 'stem'].includes(text))
      .sort(),
  ).toEqual([...kinds].sort())
  expect(texts(filled(1))).not.toContain('no finite ratio')
  const odd = filled(1)
  odd.set([0, NaN, 100])
  expect(texts(odd)).toEqual(expect.arrayContaining(['below the axis, or 0', 'no finite ratio', 'above the axis']))
})
