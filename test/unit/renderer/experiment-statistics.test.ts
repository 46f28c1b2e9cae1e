import { loss } from '../../../shared/measures/loss'
import { describe, expect, it } from 'vitest'
import { axisOfValues, axisPaths, axisProblem, valuesOfAxis } from '../../../renderer/experiments/axis-entry'
import { combinationsOf } from '../../../renderer/experiments/statistics'
import { settings } from '../../../shared/settings'
import { comparisonCurves } from '../../../renderer/compare/comparison-curves'
import type { ComparedRun } from '../../../renderer/compare/compared-run'

describe('cells', () => {
  it('are gathered by their combination, in the definition’s order', () => {
    const cell = (label: string, seed: number) => ({ labels: [label], seed, run: seed * 10 })
    expect(combinationsOf({ cells: [cell('a', 1), cell('b', 1), cell('a', 2)] })).toEqual([
      {
        labels: ['a'],
        cells: [
          { seed: 1, run: 10 },
          { seed: 2, run: 20 },
        ],
      },
      { labels: ['b'], cells: [{ seed: 1, run: 10 }] },
    ])
  })
})

describe('an axis that is typed in', () => {
  it.each([
    ['training.rate', '0.1, 0.2'],
    ['training.nesterov', 'true, false'],
    ['training.projection.layers', 'none, transitions'],
    ['network', 'resnet:blocks=3,widths=4/8; plain:blocks=3'],
    ['training.milestones', '[1,2]; [3]'],
  ])('of %s is read back as it was written', (path, text) => {
    expect(valuesOfAxis(axisOfValues(path, text))).toEqual({ path, text })
  })

  it('knows every setting', () => {
    const paths = axisPaths.map(({ path }) => path)
    for (const { path } of settings) expect([...paths, 'seed']).toContain(path)
    expect(paths).toContain('network')
  })

  it.each([
    ['training.rate', '0.1, fast', 'Rate: "fast" is not a number; it must be a number from 0 to 1000000.'],
    ['training.momentum', '0.5, 2', 'Momentum: "2" is out of range; it must be a number from 0 to 1.'],
    ['training.momentun', '0.5', 'There is no setting “training.momentun”; perhaps training.momentum.'],
    ['momentum', '0.5', 'There is no setting “momentum”; perhaps training.momentum.'],
    ['training.lr', '0.5', /^There is no setting “training.lr”/],
    ['training.rate', '0.1, 0.2', null],
    ['training.projection', '{"layers":"all"}', null],
  ])('of %s with %s is told what is wrong', (path, text, sentence) => {
    const found = axisProblem(path, text)
    if (sentence instanceof RegExp) expect(found).toMatch(sentence)
    else expect(found).toBe(sentence)
  })
})

it('curves less the baseline’s are differences at the same step, and missing where it has none', () => {
  const compared = (id: number, step: number[], loss: number[]) =>
    ({
      run: { id, name: `${id}`, progress: { stepsPerEpoch: 2 } },
      curves: { step, loss, ms: loss, at: loss },
      epochs: [],
    }) as unknown as ComparedRun
  const base = compared(1, [1, 2], [4, 2])
  const [curve] = comparisonCurves([base, compared(2, [1, 2, 3], [5, 1, 1])], loss, 'step', base, new Map())
  expect(Array.from(curve!.y)).toEqual([1, -1, NaN])
})
