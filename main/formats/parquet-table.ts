import { ByteWriter, parquetWrite } from 'hyparquet-writer'

type Cell = string | number | null

/**
 * A table as the bytes of a Parquet file. A column of whole numbers is INT64, of numbers DOUBLE, any other STRING; all may be null.
 *
 * @param rows Each with a cell a column.
 */
export function parquetTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): Uint8Array {
  const writer = new ByteWriter()
  const names = distinct(columns)
  void parquetWrite({ writer, columnData: names.map((name, at) => ({ name, nullable: true, ...column(rows, at) })) })
  return writer.getBytes()
}

function column(rows: readonly (readonly Cell[])[], at: number): { type: 'INT64' | 'DOUBLE' | 'STRING'; data: unknown[] } {
  const cells = rows.map((row) => row[at] ?? null)
  const known = cells.filter((cell) => cell !== null)
  if (known.some((cell) => typeof cell === 'string'))
    return { type: 'STRING', data: cells.map((cell) => (cell === null ? null : String(cell))) }
  if (known.length > 0 && known.every((cell) => Number.isSafeInteger(cell) && !Object.is(cell, -0)))
    return { type: 'INT64', data: cells.map((cell) => (cell === null ? null : BigInt(cell))) }
  return { type: 'DOUBLE', data: cells }
}

/** Names that differ, as the format and objects want them: of two alike the second one is `name_2`. */
export function distinct(names: readonly string[]): string[] {
  const all = new Set(names)
  const seen = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let count = 2; seen.has(own) || (own !== name && all.has(own)); count++) own = `${name}_${count}`
    seen.add(own)
    return own
  })
}
