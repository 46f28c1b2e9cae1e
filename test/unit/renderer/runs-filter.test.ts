import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../../renderer/runs/table/filter'
import { groupRuns } from '../../../renderer/runs/table/order'
import type { Summary } from '../../../renderer/runs/run-state'

const run = (id: number, more: Record<string, unknown> = {}): Summary =>
  ({
    ...{
      id,
      name: `run ${id}`,
      state: 'done',
      preset: 'plain:blocks=3',
      network: 'plain',
      dataset: 'shapes10',
      tags: [],
      note: '',
    },
    ...{ starred: false, archived: false, pinned: false, blocks: 9, seed: id, settings: { 'training.rate': 0.1, seed: id } },
    ...{ last: {}, measures: { deviation: 0.2 }, progress: { step: 1, steps: 2 } },
    ...more,
  }) as unknown as Summary
const runs = [
  run(1),
  run(2, { name: 'wide net', tags: ['Wide', 'two words'], blocks: 18, settings: { 'training.rate': 0.02, seed: 2 } }),
  run(3, { state: 'running', dataset: 'digits', starred: true, preset: 'proc-resnet:blocks=3', measures: { deviation: null } }),
]
const found = (text: string): number[] => runs.filter(parseFilter(text)).map(({ id }) => id)

describe('the filter of runs', () => {
  it.each([
    ['', [1, 2, 3]],
    ['WIDE', [2]],
    ['plain digits', []],
    ['data:digits', [3]],
    ['state:running or tag:wide', [2, 3]],
    ['-tag:wide', [1, 3]],
    ['-(state:running or tag:wide)', [1]],
    ['rate>0.05', [1, 3]],
    ['training.rate<=0.02', [2]],
    ['blocks>=18', [2]],
    ['seed=2', [2]],
    ['seed!=2', [1, 3]],
    ['deviation<0.5', [1, 2]],
    ['is:starred', [3]],
    ['is:active -is:starred', []],
    ['"two words"', [2]],
    ['tag:"two words"', [2]],
    ['proc-resnet', [3]],
    ['nothing>3', []],
  ])('finds by “%s”', (text, ids) => expect(found(text)).toEqual(ids))

  it.each([
    ['(wide', 'not closed'],
    ['wide)', 'never opened'],
    ['"wide', 'quotation mark'],
    ['rate>fast', 'not a number'],
    ['rate>', 'value is missing'],
    ['is:round', 'starred'],
    ['a or', 'missing'],
  ])('says what is wrong with “%s”', (text, sentence) => expect(() => parseFilter(text)).toThrow(sentence))
})

it('groups runs in the order in which they come, and folds groups', () => {
  const lines = groupRuns(runs, 'data', new Set(['shapes10']))
  expect(lines.map((line) => (line.kind === 'run' ? line.run.id : `${line.text} ${line.count}`))).toEqual([
    'shapes10 2',
    'digits 1',
    3,
  ])
})
