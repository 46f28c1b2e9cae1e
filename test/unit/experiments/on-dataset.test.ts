import { describe, expect, it } from 'vitest'
import { Catalogue } from '../../../main/datasets/catalogue'
import { digits } from '../../../main/datasets/digits'
import { shapes10 } from '../../../main/datasets/shapes10'
import { planCells } from '../../../main/lab/experiments'
import { baseOf, valuesOfBase, valuesOn } from '../../../renderer/experiments/base-settings'
import { dataOn, readyOn } from '../../../shared/experiments/on-dataset'
import { readyExperiments } from '../../../shared/experiments/ready'

const tiny = (splits: Record<string, number>) => ({
  ...{ name: 'mine', procedural: false },
  splits: Object.entries(splits).map(([name, images]) => ({ name, images })),
})

describe('an experiment’s data on another set', () => {
  const asked = { name: 'shapes10', train: 2048, test: 512 }

  it('takes as many images as before, or as many as there are', () => {
    expect(dataOn(tiny({ train: 5000, test: 100 }), asked)).toEqual({ name: 'mine', train: 2048, test: 100 })
    expect(dataOn(shapes10.summary, { ...asked, train: 50_000 })).toEqual({ ...asked, train: 50_000 })
    expect(dataOn(tiny({ train: 10, test: 10 }), { name: 'shapes10' })).toEqual({ name: 'mine' })
  })

  it('is tested on the validation split where there is no test split, and forgets splits of the set before', () => {
    expect(dataOn(tiny({ train: 100, validation: 50 }), asked)).toEqual({
      name: 'mine',
      train: 100,
      test: 50,
      testSplit: 'validation',
    })
    expect(dataOn(tiny({ train: 100, test: 50 }), { ...asked, testSplit: 'validation', trainSplit: 'extra' })).toEqual({
      ...{ name: 'mine', train: 100, test: 50 },
    })
  })

  it('changes the fields of the builder alike', () => {
    const given = { data: asked, training: {} }
    const { base, problems } = baseOf(valuesOn(valuesOfBase(given), tiny({ train: 300, validation: 50 })), given)
    expect(base.data).toEqual({ name: 'mine', train: 300, test: 50, testSplit: 'validation' })
    expect(problems).toEqual({})
  })
})

describe('a ready experiment on another data set', () => {
  it('has networks of its images and classes, and its name; on its own it is as it was', () => {
    for (const ready of readyExperiments) {
      const isOf = ({ summary }: typeof digits): boolean =>
        ready.sizes.every(({ definition }) => definition.base.data['name'] === summary.name)
      const [own, other] = isOf(digits) ? [digits, shapes10] : [shapes10, digits]
      expect(isOf(own)).toBe(true)
      expect(readyOn(ready, own.summary)).toEqual(ready)
      const { name, shape } = other.summary
      for (const { definition } of readyOn(ready, other.summary).sizes.slice(0, 2)) {
        expect(definition.name.endsWith(` on ${name}`)).toBe(true)
        const cells = planCells(new Catalogue(''), definition)
        expect(cells.every(({ configuration }) => configuration.data.name === name)).toBe(true)
        expect(cells.every(({ network }) => network.blocks > 0)).toBe(true)
        const input = cells[0]!.configuration.network.nodes[0]!
        const [height, width, channels] = shape
        expect(input).toMatchObject({ kind: 'input', attributes: { height, width, channels } })
      }
    }
  })
})
