import { describe, expect, it } from 'vitest'
import { initialTable, ratioTable } from '../../../main/cli/ratio-table'
import type { StateMeasures } from '../../../shared/initial-measures'
import { ratios } from '../../../shared/norms/ratio'
import type { EpochRecord, StepRecord, Unit } from '../../../shared/records'

const units: Unit[] = [
  { name: 'stem', kind: 'stem', shape: [32, 32, 3] },
  { name: 'stage1.block1', kind: 'block', shape: [32, 32, 16] },
  { name: 'stage1.block2', kind: 'block', shape: [32, 32, 16] },
  { name: 'transition1', kind: 'transition', shape: [32, 32, 16] },
]
const epoch = (number: number, mean: number[]): EpochRecord => ({
  ...{ epoch: number, firstStep: 1, lastStep: 2, trainLoss: 1, trainAccuracy: 0, testLoss: null, testAccuracy: null, seconds: 1 },
  ratios: {
    mean: Float32Array.from(mean),
    min: Float32Array.from(mean, (x) => x / 2),
    max: Float32Array.from(mean, (x) => x * 2),
  },
})
const step = (number: number, norms: number[]): StepRecord => ({
  step: number,
  epoch: 1,
  loss: 1,
  accuracy: 0,
  rate: 0.1,
  ms: 1,
  norms: Float32Array.from(norms),
})

describe('the table of ratios', () => {
  it('has a line for the stem, each stage and each transition, in the first and the last epoch', () => {
    const text = ratioTable(
      units,
      [epoch(1, [1, 1, 2, 4]), epoch(2, [1, 1, 1, 1]), epoch(3, [3, 1, 1, NaN])],
      step(1, [8, 8, 8, 4, 1]),
      step(9, [2, 1, 1, 1, 1]),
    )
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ratio ‖g_l‖/‖g_l+1‖', 'units', 'epoch 1: mean', 'min', 'max', 'epoch 3: mean', 'min', 'max'],
      ['stem', '1', '1.000', '0.5000', '2.000', '3.000', '1.500', '6.000'],
      ['stage1', '2', '1.500', '0.5000', '4.000', '1.000', '0.5000', '2.000'],
      ['transition1', '1', '4.000', '2.000', '8.000', 'NaN', 'NaN', 'NaN'],
      ['chain ratio ‖g_1‖/‖g_end‖: 8.000 at step 1, 2.000 at step 9'],
      ['mean |r − 1|, blocks: 0.5000 at step 1, 0 at step 9'],
      ['mean |r − 1|, all units: 1.000 at step 1, 0.2500 at step 9'],
      ['covering c, blocks: 1.443 at step 1, 0 at step 9'],
      ['covering c, all units: 5.771 at step 1, 1.924 at step 9'],
      [''],
    ])
  })
})

describe('the table of an untrained network', () => {
  const state = (norms: number[]): StateMeasures => ({
    loss: 1,
    norms: Float32Array.from(norms),
    ratios: ratios(Float32Array.from(norms)),
    signal: null,
  })
  const cells = (text: string): string[][] => text.split('\n').map((line) => line.split(/ {2,}/))

  it('has a line a unit, without and with the projection', () => {
    expect(cells(initialTable(units.slice(0, 2), state([8, 4, 1]), state([2, 2, 1])))).toEqual([
      ['ratio ‖g_l‖/‖g_l+1‖', 'initial', 'projected'],
      ['stem', '2.000', '1.000'],
      ['stage1.block1', '4.000', '2.000'],
      ['chain ratio ‖g_1‖/‖g_end‖', '8.000', '2.000'],
      [''],
    ])
  })

  it('has one column where there is nothing to project', () => {
    expect(cells(initialTable(units.slice(0, 1), state([8, 4]), null))[1]).toEqual(['stem', '2.000'])
  })
})
