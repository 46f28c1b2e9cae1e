import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { Summary } from '../../../renderer/run-list/run-state'
import { OVER_SEEDS } from '../../../renderer/runs/table/order'
import { useRunsTable } from '../../../renderer/runs/table/use-runs-table'
import { runTitles } from '../../../shared/run-labels'

const run = (id: number, preset: string, seed: number, archived = false): Summary =>
  ({
    ...{ id, name: `run ${id}`, state: 'done', preset, network: preset, dataset: 'digits', tags: [], note: '', unitCount: 3 },
    ...{
      archived,
      pinned: false,
      starred: false,
      parameters: 10,
      settings: { preset, seed },
      measures: {},
      progress: {},
      last: {},
    },
  }) as unknown as Summary

function tableOf(runs: readonly Summary[]) {
  const scope = effectScope()
  return scope.run(() => useRunsTable(shallowRef(runs), shallowRef(false)))!
}
const ids = (runs: readonly Summary[]): number[] => runs.map(({ id }) => id).sort()

describe('marked runs', () => {
  const four = [run(1, 'plain', 1), run(2, 'plain', 2), run(3, 'wide', 1), run(4, 'wide', 2, true)]

  it('that a filter hides are not those that something is done to', async () => {
    const table = tableOf(four)
    table.checkAll()
    expect(ids(table.marked.value)).toEqual([1, 2, 3])
    table.filter.value = 'wide'
    await nextTick()
    expect([ids(table.marked.value), ids(table.hidden.value)]).toEqual([[3], [1, 2]])
    table.checkAll()
    expect([ids(table.marked.value), ids(table.hidden.value)]).toEqual([[], [1, 2]])
    table.showMarked()
    await nextTick()
    expect([ids(table.marked.value), ids(table.hidden.value)]).toEqual([[1, 2], []])
  })

  it('in a folded group, or in the archive, are not either; “all” marks what can be seen', async () => {
    const table = tableOf(four)
    table.showArchived.value = true
    table.group.value = OVER_SEEDS
    await nextTick()
    const heads = table.lines.value.flatMap((line) => (line.kind === 'group' ? [line] : []))
    expect(heads.map(({ members }) => ids(members))).toEqual([
      [3, 4],
      [1, 2],
    ])
    table.checkAll()
    expect(ids(table.marked.value)).toEqual([1, 2, 3, 4])
    table.fold(heads[1]!.key)
    table.showArchived.value = false
    await nextTick()
    expect([ids(table.marked.value), ids(table.hidden.value)]).toEqual([[3], [1, 2, 4]])
    table.uncheck(table.hidden.value)
    expect([ids(table.marked.value), ids(table.hidden.value)]).toEqual([[3], []])
  })

  it('are no runs at all under a filter that is wrong, and the same ones while it is being written', async () => {
    const table = tableOf(four)
    table.filter.value = 'plain'
    await nextTick()
    table.filter.value = 'plain seed='
    await nextTick()
    expect(ids(table.found.value)).toEqual([1, 2])
    expect(table.problem.value).toBe('In the filter, at character 7: after “seed=” a value is missing')
    for (const wrong of ['constructor=1', 'toString:x', 'hasOwnProperty=1', 'is:constructor', 'is:__proto__']) {
      table.filter.value = wrong
      await nextTick()
      expect(table.found.value).toEqual([])
      expect(table.problem.value).toMatch(/^In the filter, at character 1: /)
    }
  })
})

it('a sentence names a few runs and counts the others', () => {
  const named = (count: number) => runTitles(Array.from({ length: count }, (_, i) => ({ id: i + 1, name: 'a' })))
  expect(named(1)).toBe('#1 a')
  expect(named(3)).toBe('#1 a, #2 a and #3 a')
  expect(named(5)).toBe('#1 a, #2 a, #3 a, #4 a and #5 a')
  expect(named(20)).toBe('#1 a, #2 a, #3 a, #4 a and 16 more')
})
