import path from 'node:path'
import type { QueryAnswer } from '../../shared/api'
import { csvLine } from '../../shared/csv'
import { UserError } from '../../shared/errors'
import { plainText } from '../../shared/run-labels'
import { writeFile } from '../files/write-file'
import { distinct, parquetTable } from '../formats/parquet-table'
import { queryViews } from '../store/query/views'
import { figure, table } from '../text/format'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'

/** Rows that are given where nobody says how many: of a table to be read, and of what another program reads. */
const TABLE_ROWS = 1000
const DATA_ROWS = 1_000_000
const WIDEST = 60

export const query: Command = {
  words: 'query',
  description: 'a question in SQL about runs, steps, ratios, epochs and experiments; the store is only read, and may be at work',
  arguments: [{ name: 'SQL', description: 'one SELECT; the tables are in docs/query.md', optional: true }],
  options: [
    { name: 'tables', description: 'the tables with their columns' },
    { name: 'csv', description: 'prints CSV' },
    { name: 'parquet', value: 'FILE', description: 'writes the answer as a Parquet file' },
    { name: 'rows', value: 'N', description: `most rows, ${TABLE_ROWS} of a table and ${DATA_ROWS} else` },
    { name: 'seconds', value: 'N', description: 'longest time, 60 unless told' },
  ],
  examples: [
    'normlab query "SELECT id, name, steps FROM runs"',
    'normlab query "SELECT unit, name, avg(ratio) FROM ratios WHERE run = 3 AND step BETWEEN 100 AND 200 GROUP BY unit" --csv',
    'normlab query "SELECT * FROM steps WHERE run IN (3, 4)" --parquet steps.parquet',
  ],
  async run({ lab: open, words, output, json }) {
    if (words.flag('tables')) {
      output.print(
        json
          ? queryViews.map(({ name, says, columns }) => jsonLine({ name, says, columns: columns.map(told) })).join('')
          : tables(),
      )
      return 0
    }
    const sql = words.argument('SQL')
    if (sql === undefined)
      throw new UserError('there is no question', { place: 'SQL', remedy: `for example ${query.examples[0]}` })
    const parquet = words.text('parquet')
    const forms = [words.flag('csv') && '--csv', parquet !== undefined && '--parquet', json && parquet === undefined && '--json']
    if (forms.filter(Boolean).length > 1)
      throw new UserError('an answer has one form', { place: forms.filter(Boolean).join(' and '), remedy: 'use one of them' })
    const isRead = !forms.some(Boolean)
    const rows = words.whole('rows', 1) ?? (isRead ? TABLE_ROWS : DATA_ROWS)
    const seconds = words.number('seconds') ?? 60
    const lab = open()
    const answer = await finishJob(output, json, (tell) => lab.start('store.query', { sql, rows, seconds }, tell))
    if (parquet !== undefined) {
      const file = path.resolve(parquet)
      writeFile(file, (write) => write(parquetTable(answer.columns, answer.rows)))
      output.print(json ? jsonLine({ path: file, rows: answer.rows.length }) : `${answer.rows.length} rows are in ${file}.\n`)
    } else if (words.flag('csv')) for (const line of [answer.columns, ...answer.rows]) output.print(csvLine(line))
    else if (json) {
      const names = distinct(answer.columns)
      for (const row of answer.rows) output.print(jsonLine(objectOf(names, row)))
    } else output.print(readable(answer))
    if (answer.isCut) output.say(`There are more than these ${rows} rows; --rows gives more.\n`)
    return 0
  },
}

const told = ({ name, says }: { name: string; says: string }) => ({ name, says })

const tables = (): string =>
  queryViews
    .map(({ name, says, columns }) =>
      [`${name}: ${says}`, ...columns.map((column) => `  ${column.name.padEnd(16)}  ${column.says}`), ''].join('\n'),
    )
    .join('\n')

/** Columns of one name would stand in each other's place. */
const objectOf = (columns: readonly string[], row: QueryAnswer['rows'][number]): Record<string, unknown> =>
  Object.fromEntries(columns.map((column, at) => [column, row[at]]))

function readable({ columns, rows }: QueryAnswer): string {
  if (columns.length === 0) return 'The answer has no columns.\n'
  const cell = (value: string | number | null): string => {
    if (value === null) return '–'
    if (typeof value === 'number') return Number.isInteger(value) ? String(value) : figure(value)
    return plainText(value, WIDEST)
  }
  return rows.length === 0
    ? `No rows; the columns are ${columns.join(', ')}.\n`
    : table([columns, ...rows.map((row) => row.map(cell))])
}
