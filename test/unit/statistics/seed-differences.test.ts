import { expect, it } from 'vitest'
import { seedDifferences, type SeedArm, winnersOf } from '../../../shared/seed-differences'
import { DIFFERENCE_COLUMNS, differenceRows, differencesSay } from '../../../shared/seed-differences-table'

const sets = { blocks: { count: 3, holds: ['block'] }, all: { count: 3, holds: ['block'] } }
const arm = (label: string, accuracies: readonly number[], state = 'done'): SeedArm => ({
  label,
  runs: accuracies.map((testAccuracy, i) => ({ seed: i + 1, state, sets, measures: { testAccuracy } })) as never,
})
const [low, high] = [arm('low', [0.4, 0.41, 0.42, 0.4]), arm('high', [0.6, 0.62, 0.61, 0.6])]

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
  expect(row!.slice(0, 4)).toEqual(['test accuracy', 'high', '4', '0.200'])
  expect(differencesSay(found)).toContain('Against low, seed by seed')
  expect(row!.at(-1)).toBe('yes')
})

it('a seed that one arm lacks, and a run that is not done, are no pair; one pair decides nothing', () => {
  expect(seedDifferences([low, arm('high', [0.6, 0.62])])[0]!.paired.n).toBe(2)
  expect(seedDifferences([low, arm('high', [0.6])])).toEqual([])
  expect(seedDifferences([low, arm('high', [0.6, 0.62, 0.7, 0.6], 'running')])).toEqual([])
  expect(seedDifferences([])).toEqual([])
})

it('a winner is told apart from every other arm, with p corrected for all such tests; of one seed there is none', () => {
  expect([...winnersOf([low, high])]).toEqual([['testAccuracy', 1]])
  expect(winnersOf([low, high, arm('as high', [0.61, 0.6, 0.62, 0.59])]).size).toBe(0)
  expect(winnersOf([arm('low', [0.1]), arm('high', [0.9])]).size).toBe(0)
  expect(winnersOf([low, { label: 'none', runs: [] }]).size).toBe(0)
})

it('an arm of which a seed failed is no winner by the seeds that are left', () => {
  const failed = { ...high, runs: high.runs.map((run, i) => (i === 0 ? { ...run, state: 'failed' as const } : run)) }
  expect(winnersOf([low, failed]).size).toBe(0)
})

it('what is bold is told apart in the table of two, too: one measure alone would be, beside another it is not', () => {
  const both = (label: string, accuracies: readonly number[], losses: readonly number[]): SeedArm => ({
    label,
    runs: accuracies.map((testAccuracy, i) => ({
      ...{ seed: i + 1, state: 'done', sets },
      measures: { testAccuracy, trainLoss: losses[i] },
    })) as never,
  })
  const arms = [both('low', [0.4, 0.41, 0.42, 0.4], [1, 2, 3, 4]), both('high', [0.6, 0.72, 0.5, 0.56], [2, 1, 4, 3.5])]
  const found = seedDifferences(arms)
  expect(found).toHaveLength(2)
  const accuracy = found.find(({ measure }) => measure.name === 'testAccuracy')!
  expect(accuracy.paired.p).toBeLessThan(0.05)
  expect(accuracy.isApart).toBe(false)
  expect(winnersOf(arms).size).toBe(0)
})

it('measures that say the same of every run are one test: where all units are blocks, those over all units are not counted again', () => {
  const both = (label: string, deviations: readonly number[], overAll: readonly number[]): SeedArm => ({
    label,
    runs: deviations.map((deviation, i) => ({
      ...{ seed: i + 1, state: 'done', sets },
      measures: { deviation, deviationAll: overAll[i] },
    })) as never,
  })
  const [near, far] = [
    [0.1, 0.11, 0.12, 0.1],
    [0.3, 0.32, 0.31, 0.3],
  ] as const
  const alike = [both('far', far, far), both('near', near, near)]
  expect(seedDifferences(alike).map(({ measure }) => measure.name)).toEqual(['deviation'])
  expect([...winnersOf(alike).keys()]).toEqual(['deviation', 'deviationAll'])
  const transitions = [both('far', far, [0.4, 0.42, 0.41, 0.4]), both('near', near, [0.2, 0.21, 0.22, 0.2])]
  expect(seedDifferences(transitions)).toHaveLength(2)
})
