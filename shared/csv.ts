/**
 * The one writer of CSV. Any reader of RFC 4180 takes it, Python's `csv` and `pandas.read_csv(comment='#')` among them:
 *
 * - Lines that begin with `#` come first, if any; the first other line is the header.
 * - Numbers have all their digits (the fewest that read back as the same double); infinities are `inf` and `-inf`, a number that
 *   came out as none is `NaN`, and what was not measured is empty.
 * - Text with commas, quotes, line breaks or `#` is quoted. Text that a spreadsheet would take for a formula (it begins with
 *   `=`, `+`, `-`, `@`, a tab or a line break, and is no number) gets an apostrophe in front.
 * - UTF-8, lines end in a line feed.
 */
export type CsvCell = number | string | boolean | null | undefined

export interface CsvContent {
  /** Told in lines of their own before the header. */
  readonly comments?: readonly string[]
  readonly columns: readonly string[]
  readonly rows: Iterable<readonly CsvCell[]>
}

/** A whole table as text. */
export function csvText({ comments = [], columns, rows }: CsvContent): string {
  const lines = [...comments.map(csvComment), csvLine(columns)]
  for (const row of rows) lines.push(csvLine(row))
  return lines.join('')
}

/** A line with its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  const line = cells.map(csvCell).join(',')
  // An empty line is no row to many readers.
  return `${line === '' && cells.length === 1 ? '""' : line}\n`
}

/** A line that is not data, whatever the text holds: line breaks become spaces. */
function csvComment(text: string): string {
  return `# ${text.replace(/[\n\v\f\r\x85\u2028\u2029]+/g, ' ')}\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return csvNumber(cell)
  const text = String(cell)
  const safe = /^[=+\-@\t\r\n]/.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",#\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** With all digits, as any reader of numbers takes it. */
export function csvNumber(value: number): string {
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}
