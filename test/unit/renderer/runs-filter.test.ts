import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../../renderer/runs/table/filter'
import { suggestionsAt } from '../../../renderer/runs/table/filter-completion'
import { FilterFields } from '../../../renderer/runs/table/filter-fields'
import { textIn } from '../../../renderer/runs/table/columns'
import { groupRuns, orderRuns } from '../../../renderer/runs/table/order'
import type { Summary } from '../../../renderer/run-list/run-state'

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
    ...{ last: {}, measures: { deviation: 0.2, blocks: 9 }, progress: { step: 1, steps: 2 } },
    ...more,
  }) as unknown as Summary
const runs = [
  run(1),
  run(2, {
    name: 'wide net',
    tags: ['Wide', 'two words'],
    measures: { deviation: 0.2, blocks: 18 },
    settings: { 'training.rate': 0.02, seed: 2 },
  }),
  run(3, { state: 'running', dataset: 'digits', starred: true, preset: 'proc-resnet:blocks=3', measures: { deviation: null } }),
]
const fields = new FilterFields([
  ...['training.rate', 'seed', 'training.init', 'training.clipNorm', 'data.train'],
  ...['training.projection.layers', 'training.whitening.layers', 'training.checkpoint.every'],
])
const found = (text: string, of: readonly Summary[] = runs): number[] => of.filter(parseFilter(text, fields)).map(({ id }) => id)

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
    ['is:running', [3]],
    ['rate > 0.05', [1, 3]],
    ['"rate>0.05"', []],
    ['clipNorm>1', []],
    ['#2', [2]],
    ['tag!=wide', [1, 3]],
    ['tag=Wide', [2]],
    ['"plain:blocks=3"', [1, 2]],
  ])('finds by “%s”', (text, ids) => expect(found(text)).toEqual(ids))

  it.each([
    ['(wide', 'not closed'],
    ['wide)', 'never opened'],
    ['"wide', 'quotation mark'],
    ['rate>fast', 'not a number'],
    ['rate>', 'value is missing'],
    ['is:round', 'starred'],
    ['a or', 'missing'],
    ['or a', 'before “or”'],
    ['()', 'something is missing'],
    ['constructor=1', 'no such field “constructor”'],
    ['toString:x', 'no such field “toString”'],
    ['hasOwnProperty=1', 'no such field “hasOwnProperty”'],
    ['__proto__:1', 'no such field “__proto__”'],
    ['training.constructor=1', 'no such field'],
    ['is:constructor', 'knows no “constructor”'],
    ['is:__proto__', 'knows no “__proto__”'],
    ['state:toString', 'knows no “toString”'],
    ['tset>0.5', 'no such field “tset”; did you mean “test”?'],
    ['plain:blocks=3', 'in quotes, "plain:blocks=3"'],
    ['state:dnoe', 'did you mean “done”?'],
    ['layers=all', '“layers” could be training.projection.layers or training.whitening.layers'],
    ['name>5', 'words'],
    ['blocks>50%', 'no share'],
    ['test>90', '“testAccuracy” is a share from 0 to 1; write 90% for per cent'],
    ['age<5', '30min'],
    ['-'.repeat(20_000) + 'a', 'inside each other'],
    ['('.repeat(20_000) + 'a', 'inside each other'],
  ])('says what is wrong with “%s”', (text, sentence) => expect(() => parseFilter(text, fields)).toThrow(sentence))
})

it('takes a short name as tables and comparisons call a setting, whatever longer path ends in it', () => {
  const some = new FilterFields([
    ...['training.epochs', 'training.checkpoint.epochs'],
    ...['data.train', 'training.projection.layers'],
  ])
  const six = run(1, { settings: { 'training.epochs': 6, 'training.checkpoint.epochs': 1, 'training.projection.layers': 'all' } })
  for (const text of ['epochs=6', 'training.epochs=6', 'checkpoint.epochs=1', 'projection=all'])
    expect(parseFilter(text, some)(six), text).toBe(true)
  expect(parseFilter('epochs=1', some)(six)).toBe(false)
})

it('tells the loss of the last step from the mean of an epoch, where names are completed', () => {
  const { list } = suggestionsAt('loss', 4, fields, runs)
  const hints = new Map(list.map(({ text, hint }) => [text, hint]))
  expect(hints.get('loss>')).toContain('last step')
  expect(hints.get('trainLoss>')).toContain('epoch')
})

describe('shares in a filter', () => {
  const tested = [0.93, 0.9, 0.8951, null, NaN].map((testAccuracy, i) => run(i + 1, { measures: { testAccuracy } }))
  it.each([
    ['test>90%', [1]],
    ['test>=90%', [1, 2]],
    ['test>0.9', [1]],
    ['test=93.0%', [1]],
    ['test=90%', [2, 3]],
    ['test=89.5%', [3]],
    ['test<90%', [3]],
    ['test!=93%', [2, 3, 4, 5]],
  ])('“%s” means what the column shows', (text, ids) => expect(found(text, tested)).toEqual(ids))
})

it('says where in the text a mistake is', () => {
  try {
    parseFilter('plain or  constructor=1', fields)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ at: 10, isUnfinished: false })
  }
})

describe('what could stand at the caret', () => {
  const texts = (text: string): string[] => suggestionsAt(text, text.length, fields, runs).list.map((one) => one.text)
  it('are fields by their names and labels, with the sign that they take', () => {
    expect(texts('te')).toEqual(expect.arrayContaining(['testAccuracy>', 'testLoss>']))
    expect(texts('-(sta')[0]).toBe('state:')
    expect(texts('clip')).toEqual(['clipNorm='])
    expect(texts('')).toEqual([])
  })
  it('are the values that there are, quoted where they have spaces', () => {
    expect(texts('tag:')).toEqual(['Wide ', '"two words" '])
    expect(texts('state:d')[0]).toBe('done ')
    expect(texts('state:d')).toContain('paused ')
    expect(texts('data:di')).toEqual(['digits '])
    expect(texts('rate=')).toEqual(['0.1 ', '0.02 '])
    expect(texts('constructor:')).toEqual([])
  })
  it('take the place of the word before the caret', () => {
    expect(suggestionsAt('plain sta done', 9, fields, runs)).toMatchObject({ from: 6, to: 9 })
  })
})

describe('the order of runs', () => {
  const tested = [0.5, null, 0.9, NaN, 0.1].map((testAccuracy, i) => run(i + 1, { measures: { testAccuracy } }))
  const values = (descending: boolean): unknown[] =>
    orderRuns(tested, { column: 'test', descending }).map(({ measures }) => measures.testAccuracy)
  it('has those without a value last, either way', () => {
    expect(values(false)).toEqual([0.1, 0.5, 0.9, NaN, null])
    expect(values(true)).toEqual([0.9, 0.5, 0.1, NaN, null])
  })
  it('by age is of the time at which runs were begun, imported ones too', () => {
    const begun = ['2026-03-01', '2026-01-01', '2026-02-01', '2026-01-01'].map((day, i) =>
      run(i + 1, { createdAt: `${day}T00:00:00.000Z` }),
    )
    const ids = (column: string, descending: boolean) => orderRuns(begun, { column, descending }).map(({ id }) => id)
    expect(ids('age', false)).toEqual([1, 3, 4, 2])
    expect(ids('age', true)).toEqual([4, 2, 3, 1])
    // Equals by any other column are in that order too.
    expect(ids('note', true)).toEqual([1, 3, 4, 2])
  })
  it('writes a share of 0 apart from one that is no number', () => {
    expect([0, NaN, null].map((testAccuracy) => textIn(run(1, { measures: { testAccuracy } }), 'testAccuracy'))).toEqual([
      '0.0 %',
      'NaN',
      '–',
    ])
  })
  it('is one order where a setting is a number in one run and a word in another, and by any key', () => {
    const mixed = [7, 'b', 3, 'a', true].map((value, i) => run(i + 1, { settings: { x: value } }))
    expect(orderRuns(mixed, { column: 'x', descending: false }).map(({ settings }) => settings['x'])).toEqual([
      true,
      3,
      7,
      'a',
      'b',
    ])
    expect(orderRuns(mixed, { column: 'constructor', descending: true })).toHaveLength(5)
  })
})

it('groups runs in the order in which they come, and folds groups', () => {
  const lines = groupRuns(runs, 'data', new Set(['shapes10']))
  expect(lines.map((line) => (line.kind === 'run' ? line.run.id : `${line.text} ${line.members.length}`))).toEqual([
    'shapes10 2',
    'digits 1',
    3,
  ])
})
