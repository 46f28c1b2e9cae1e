import { expect, it } from 'vitest'
import { baseOf, complaintOfFields, valuesOfBase } from '../../../renderer/experiments/base-settings'
import { readyExperiments } from '../../../shared/experiments/ready'

it('the fields of an experiment’s base give every ready base back as it was', () => {
  for (const { sizes } of readyExperiments)
    for (const { definition } of sizes) {
      const { data, training } = definition.base
      expect(baseOf(valuesOfBase({ data, training }), { data, training })).toEqual({ base: { data, training }, problems: {} })
    }
})

it('what is changed in a field is changed in the base, and nothing else is written out', () => {
  const given = { data: { name: 'shapes10' }, training: { rate: 0.1, projection: { layers: 'all' } } }
  const values = { ...valuesOfBase(given), 'training.rate': '0.02', 'training.projection.layers': 'none', 'data.train': '64' }
  expect(baseOf(values, given).base).toEqual({
    data: { name: 'shapes10', train: 64 },
    training: { rate: 0.02, projection: { layers: 'none' } },
  })
  const { problems } = baseOf({ ...values, 'training.rate': 'fast' }, given)
  expect(complaintOfFields(problems)).toMatch(/^Rate must be .*\.$/)
})
