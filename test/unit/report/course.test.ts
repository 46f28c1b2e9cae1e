import { expect, it } from 'vitest'
import { courseTable } from '../../../main/report/course'
import type { RunDetail } from '../../../shared/api'

const at = '2026-01-02T03:04:05.000Z'
const notice = (step: number, message: string) => ({ step, at, message })

function ran(changes: Partial<RunDetail>): { run: RunDetail; label: string } {
  const run = { state: 'done', notices: [], problem: null, annotations: [], units: [], note: '', endedAt: at, unreadable: [] }
  return { run: { ...run, ...changes } as unknown as RunDetail, label: '#1 one' }
}

it('says in the order of the steps what became of a run, with its failure and its reader’s words', () => {
  const [table] = courseTable([
    ran({
      state: 'failed',
      problem: { message: 'training stopped being finite', step: 12 },
      notices: [notice(4, 'alarm: loss was above 5'), notice(9, 'gone on with by hand')],
      annotations: [{ id: 1, step: 7, unit: 0, text: 'here it turns', at }],
      units: [{ name: 'stem', kind: 'stem', shape: [32, 32, 3] }],
      note: 'for figure 2',
    }),
  ])
  expect(table!.rows.map(([step, , what]) => [step, what])).toEqual([
    ['', '“for figure 2”'],
    ['4', 'alarm: loss was above 5'],
    ['7', '“here it turns” (stem)'],
    ['9', 'gone on with by hand'],
    ['12', 'failed: training stopped being finite'],
  ])
})

it('tells which run it was of several, counts what is too much, and is not there where nothing happened', () => {
  expect(courseTable([ran({})])).toEqual([])
  const alarms = Array.from({ length: 60 }, (_, i) => notice(i, 'alarm'))
  const [table] = courseTable([ran({}), { ...ran({ notices: alarms }), label: '#2 two' }])
  expect(table!.columns[0]).toBe('run')
  expect(table!.rows).toHaveLength(51)
  expect(table!.rows[50]).toEqual(['#2 two', '', '', 'and 10 more'])
})
