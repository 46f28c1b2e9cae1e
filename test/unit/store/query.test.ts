import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Configuration } from '../../../shared/configuration'
import { ratios } from '../../../shared/norms/ratio'
import { answerQuery } from '../../../main/store/query/answer'
import { queryViews } from '../../../main/store/query/views'
import { checkQuestion } from '../../../main/store/query/words'
import { Store } from '../../../main/store/store'

const home = mkdtempSync(path.join(tmpdir(), 'normlab-query-'))
let store: Store
/** What single precision has: whole and part, very small ones, the largest, and none. */
const NORMS = Float32Array.of(0.1, 3.4028234663852886e38, 1e-42, 0, 0, Infinity, NaN, 16777216, -0.3333333, NaN, 0)

/** Of those ten units: mean squares, variances, branch variances. */
const SIGNAL = Float32Array.from({ length: 32 }, (_, at) => (at === 24 ? NaN : at / 3))

beforeAll(() => {
  store = new Store(home)
  const units = Array.from(NORMS.subarray(1), (_, at) => ({ name: `block${at + 1}`, kind: 'block' as const, shape: [4, 4, 8] }))
  const run = store.runs.create({ ...newRun, units })
  const step = { epoch: 1, loss: 2, accuracy: 0.5, rate: 0.1, ms: 3, gradientNorm: 1 }
  store.append(
    run,
    [
      { step: 1, ...step, norms: NORMS, signal: SIGNAL },
      { step: 2, ...step, norms: new Float32Array() },
    ],
    [],
  )
})
afterAll(() => {
  store.close()
  rmSync(home, { recursive: true, force: true })
})

const newRun = {
  name: 'a run',
  configuration: Configuration.parse({
    network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
  }),
  ...{ parameters: 10, versions: {}, owner: null, ownerPid: null },
}

const ask = (sql: string, rows = 1000) => answerQuery({ uri: store.uri, sql, rows })

describe('a question in SQL', () => {
  it('gets norms and ratios to the last digit of single precision, also those that are none', () => {
    const norms = ask('SELECT boundary, norm FROM norms WHERE run = 1 ORDER BY boundary').rows
    expect(norms).toEqual([...NORMS].map((norm, at) => [at + 1, Number.isNaN(norm) ? null : norm]))
    const found = ask('SELECT ratio, name FROM ratios WHERE step = 1 ORDER BY unit').rows
    const expected = ratios(NORMS)
    expect(found.map(([ratio]) => (ratio === null ? NaN : Math.fround(ratio as number)))).toEqual([...expected])
    expect(found[3]![1]).toBe('block4')
  })

  it('gets the signal by its boundaries', () => {
    const rows = ask('SELECT boundary, mean_square, variance, branch_variance FROM signals WHERE run = 1 ORDER BY boundary').rows
    expect(rows).toEqual(
      Array.from({ length: 11 }, (_, at) => {
        const branch = SIGNAL[22 + at] ?? NaN
        return [at + 1, SIGNAL[at], SIGNAL[11 + at], Number.isNaN(branch) ? null : branch]
      }),
    )
  })

  it('finds in every table the columns that are promised, and the guide says the same', () => {
    const page = readFileSync(path.join(__dirname, '../../../docs/query.md'), 'utf8')
    for (const { name, says, columns } of queryViews) {
      expect(ask(`SELECT * FROM ${name}`).columns, name).toEqual(columns.map((column) => column.name))
      expect(page, name).toContain([`### ${name}`, '', says, ''].join('\n'))
      const section = page.split(`### ${name}\n`)[1]!.split('\n### ')[0]!
      const told = [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, column, words]) => ({ name: column, says: words }))
      expect(told, name).toEqual(columns.map((column) => ({ name: column.name, says: column.says })))
    }
  })

  it('gives as many rows as are asked for, and says that there are more', () => {
    expect(ask('SELECT value FROM generate_series(1, 10)', 3)).toEqual({ columns: ['value'], rows: [[1], [2], [3]], isCut: true })
    expect(ask('SELECT value FROM generate_series(1, 3)', 3).isCut).toBe(false)
    expect(ask("SELECT x'01ff' AS bytes").rows).toEqual([['01ff']])
  })

  it('is refused where it would do more than read, in a sentence', () => {
    const mark = path.join(home, 'written')
    const cases: [sql: string, sentence: RegExp][] = [
      [`SELECT writefile('${mark}', 'x')`, /the function writefile is not taken/],
      [`SELECT "writefile"('${mark}', 'x')`, /the function writefile is not taken/],
      [`SELECT [writefile] /* x */ ('${mark}', 'x')`, /the function writefile is not taken/],
      [`SELECT writefile(p, t) AS x FROM (SELECT '${mark}' AS p, 'x' AS t)`, /the function writefile is not taken/],
      ["SELECT readfile(p) AS y FROM (SELECT '/etc/hostname' AS p)", /the function readfile is not taken/],
      ['WITH a AS (SELECT 1 AS p) SELECT load_extension(p) AS "(" FROM a', /load_extension is not taken/],
      ['SELECT readfile(p) AS materialized FROM (SELECT 1 AS p)', /readfile is not taken/],
      ["SELECT load_extension('x')", /load_extension is not taken/],
      ["SELECT * FROM fsdir WHERE path = '/'", /"fsdir" is none of the tables/],
      ['SELECT * FROM "sqlite_dbpage"', /is none of the tables/],
      ['SELECT * FROM pragma_database_list', /is none of the tables/],
      ["ATTACH DATABASE 'x.db' AS y", /ATTACH is not taken: the store is only read/],
      ['PRAGMA query_only = OFF', /PRAGMA is not taken/],
      ['DELETE FROM runs', /DELETE is not taken/],
      ['SELECT 1; DELETE FROM main.runs', /more than one statement/],
      ['WITH a AS (SELECT 1) DELETE FROM main.runs', /would change the store, which is only read/],
      ["SELECT 'open", /is not closed/],
      ['/* SELECT 1', /is not closed/],
      ['SELECT 1 / 2 /* half', /is not closed/],
      ['  -- nothing', /there is no question/],
      ['SELECT missing_column FROM runs', /no such column: missing_column/],
    ]
    for (const [sql, sentence] of cases) expect(() => ask(sql), sql).toThrow(sentence)
    expect(existsSync(mark)).toBe(false)
    expect(ask('SELECT count(*) FROM runs').rows).toEqual([[1]])
  })

  it('may use what SQL has: texts with anything in them, WITH and its columns, windows', () => {
    for (const sql of [
      "SELECT 'DROP; writefile(1)' -- ; no",
      'WITH a(x, y) AS (VALUES (1, 2)), b AS MATERIALIZED (SELECT x FROM a WHERE x IN (SELECT 1)) SELECT count(*) FILTER (WHERE x > 0) OVER (PARTITION BY x) FROM b;',
      'SELECT id, configuration ->> \'$.training.batch\' AS "the batch" FROM runs WHERE (id > 0) AND EXISTS (SELECT 1)',
      "WITH a(x) AS NOT MATERIALIZED (SELECT x'ff00') SELECT hex(x), 'x''ff' FROM a -- x'",
    ])
      expect(() => ask(sql), sql).not.toThrow()
    expect(() => checkQuestion('SELECT 1')).not.toThrow()
  })
})
