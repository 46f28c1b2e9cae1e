import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Connection } from '../../../main/store/connection'
import { EpochTable } from '../../../main/store/epochs'
import { readColumns } from '../../../main/store/packed-curves'
import { SpectraTable } from '../../../main/store/spectra'
import { StepTable } from '../../../main/store/steps'
import { Store } from '../../../main/store/store'

const home = mkdtempSync(path.join(tmpdir(), 'normlab-order-'))
let store: Store
beforeAll(() => void (store = new Store(home)))
afterAll(() => {
  store.close()
  rmSync(home, { recursive: true })
})

/** How SQLite would find what each question asks for. */
function planned(ask: (connection: Connection) => unknown): string[] {
  const plans: string[] = []
  const explain = (sql: string, values: readonly unknown[] = []): unknown[] => {
    for (const { detail } of store.query(`EXPLAIN QUERY PLAN ${sql}`, values) as { detail: string }[]) plans.push(detail)
    return []
  }
  ask({ query: explain, columns: explain, first: (...of: [string, unknown[]]) => explain(...of)[0] } as unknown as Connection)
  return plans
}

// A run of a million steps has gigabytes of norms, which a sort would read whole for one row.
it.each<[string, (connection: Connection) => unknown]>([
  ['the last step', (connection) => new StepTable(connection).last(1)],
  ['the last measured step', (connection) => new StepTable(connection).lastMeasured(1)],
  ['the last step that looked at the signal', (connection) => new StepTable(connection).lastLooked(1)],
  ['the last of those with measured norms', (connection) => new StepTable(connection).lastLooked(1, true)],
  ['steps between two', (connection) => new StepTable(connection).between(1, 5, 9)],
  ['all steps, a few at a time', (connection) => [...new StepTable(connection).each(1)]],
  ['the last times', (connection) => new StepTable(connection).lastTimes(1)],
  ['epochs', (connection) => new EpochTable(connection).all(1)],
  ['the last epoch', (connection) => new EpochTable(connection).last(1)],
  ['the last epoch with a measured step', (connection) => new EpochTable(connection).lastMeasured(1)],
  ['the last tested epoch', (connection) => new EpochTable(connection).lastTested(1)],
  ['spectra', (connection) => new SpectraTable(connection).after(1, -1, 3)],
  [
    'a stretch of columns',
    (connection) => readColumns(Object.assign(connection, { steps: { lastNumber: () => 10 }, refusal: true }) as never, 1),
  ],
])('%s: the order is that of an index, and nothing is sorted', (_, ask) => {
  const plans = planned(ask)
  expect(plans.length).toBeGreaterThan(0)
  expect(plans.filter((plan) => /TEMP B-TREE|SCAN/.test(plan))).toEqual([])
})

it('steps are searched by one range: by the first of two, all of the run would be read', () => {
  const asked: string[] = []
  const table = new StepTable({ query: (sql: string) => (asked.push(sql), []) } as unknown as Connection)
  table.between(1, 5, 9)
  void [...table.each(1)]
  expect(asked.map((sql) => sql.split(' WHERE ')[1]!.match(/\bstep (?:BETWEEN|[<>])/g)?.length)).toEqual([1, 1])
})
