import { expect, it } from 'vitest'
import { measureOf } from '../../../shared/measures'
import { seedDifferences, type SeedArm, winnerOf } from '../../../shared/seed-differences'
import { DIFFERENCE_COLUMNS, differenceRows } from '../../../shared/seed-differences-table'

const sets = { blocks: { count: 3, holds: ['block'] }, all: { count: 3, holds: ['block'] } }
const arm = (label: string, accuracies: readonly number[], state = 'done'): SeedArm => ({
  label,
  runs: accuracies.map((testAccuracy, i) => ({ seed: i + 1, state, sets, measures: { testAccuracy } })) as never,
})
const [low, high] = [arm('low', [0.4, 0.41, 0.42, 0.4]), arm('high', [0.6, 0.62, 0.61, 0.6])]
const accuracy = measureOf('testAccuracy')

it('arms are held against the first seed by seed, with p corrected for all of them', () => {
  const found = seedDifferences([low, high, arm('near', [0.41, 0.4, 0.43, 0.4])])
  expect(found.map(({ arm: name, isApart }) => [name, isApart])).toEqual([
    ['high', true],
    ['near', false],
  ])
  expect(found[0]!.paired).toMatchObject({ n: 4, signFlips: 0.125 })
  expect(found[0]!.corrected).toBeCloseTo(2 * found[0]!.paired.p!)
  const [row] = differenceRows(found, (_, by) => by.toFixed(3))
  expect(row).toHaveLength(DIFFERENCE_COLUMNS.length)
  expect(row!.slice(0, 5)).toEqual(['test accuracy', 'high', 'low', '4', '0.200'])
  expect(row!.at(-1)).toBe('yes')
})

it('a seed that one arm lacks, and a run that is not done, are no pair; one pair decides nothing', () => {
  expect(seedDifferences([low, arm('high', [0.6, 0.62])])[0]!.paired.n).toBe(2)
  expect(seedDifferences([low, arm('high', [0.6])])).toEqual([])
  expect(seedDifferences([low, arm('high', [0.6, 0.62, 0.7, 0.6], 'running')])).toEqual([])
  expect(seedDifferences([])).toEqual([])
})

it('a winner is told apart from every other arm; of one seed there is none', () => {
  expect(winnerOf(accuracy, [low, high])).toBe(1)
  expect(winnerOf(accuracy, [low, high, arm('as high', [0.61, 0.6, 0.62, 0.59])])).toBeUndefined()
  expect(winnerOf(accuracy, [arm('low', [0.1]), arm('high', [0.9])])).toBeUndefined()
  expect(winnerOf(accuracy, [low, { label: 'none', runs: [] }])).toBeUndefined()
})
