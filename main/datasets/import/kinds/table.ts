import path from 'node:path'
import Papa from 'papaparse'
import { UserError } from '../../../../shared/errors'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { byCodePoints } from '../../../formats/trees/file-tree'
import { type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { splitOf, splitOfFile, splitOrder } from '../splits'

const PATH_COLUMNS = ['path', 'file', 'filename', 'file_name', 'filepath', 'image', 'image_path', 'img']
const LABEL_COLUMNS = ['label', 'class', 'target', 'category', 'labels', 'y']
const SPLIT_COLUMNS = ['split', 'set', 'subset', 'fold']

interface Row {
  readonly picture: string
  readonly label: string
  readonly split: string
  readonly place: string
}

/** A CSV or JSON-lines file of pictures' paths and labels, and a split where it has a column for it. */
export const pictureTable: ImportKind = {
  name: 'table',
  title: 'a table of paths and labels, CSV or JSON lines',
  asks: ['channels', 'otherSizes'],
  match: (tree) => tables(tree).some(({ head }) => columnsOf(head) !== undefined),
  refuse(tree) {
    const [entry] = tables(tree)
    if (!entry || tables(tree).length < tree.entries.length) return
    const names = columnNames(entry.head)?.map((name) => name.trim()) ?? []
    const path = names.find((name) => PATH_COLUMNS.includes(name.toLowerCase()))
    const some = names.slice(0, 6).map((name) => name.slice(0, 40))
    const more = names.length > some.length ? ` and ${names.length - some.length} more` : ''
    const told = some.length > 0 ? `, its columns are ${some.join(', ')}${more}` : ''
    throw new UserError(`it is a table without a column of ${path ? 'classes' : 'paths to pictures'}${told}`, {
      place: placeOf(tree, entry.path),
      remedy: path
        ? `name the column of the classes ${LABEL_COLUMNS.slice(0, 3).join(', ')}`
        : `name the columns ${PATH_COLUMNS[0]} and ${LABEL_COLUMNS[0]}; a table of numbers is not brought in: images alone are`,
    })
  },
  async beside(tree) {
    const [entry] = tree.entries
    return (await records(tree, entry!)).flatMap(({ record, columns }) => pictureIn(record[columns.path], entry!) ?? [])
  },
  async open(tree, _choices) {
    const rows: Row[] = []
    const read = new Set<string>()
    for (const entry of tables(tree).filter(({ head }) => columnsOf(head) !== undefined)) {
      rows.push(...(await readRows(tree, entry)))
      read.add(entry.path)
    }
    if (rows.length === 0) throw new UserError('the table has no rows', { place: tree.place })
    const classes = classNames(rows.map(({ label }) => label))
    const splits = [...new Set(rows.map(({ split }) => split))].sort(splitOrder)
    const counts = splits.map(() => 0)
    const slots = new Map<string, { split: number; index: number; label: number }>()
    for (const { picture, label, split, place } of rows) {
      if (slots.has(picture)) throw new UserError(`"${picture}" is in the table twice`, { place })
      const at = splits.indexOf(split)
      slots.set(picture, { split: at, index: counts[at]!++, label: classes.indexOf(label) })
    }
    return {
      format: this.name,
      classes,
      shape: null,
      splits: splits.map((name, i) => ({ name, images: counts[i]! })),
      remarks: [],
      takes: (file) => slots.has(file) || read.has(file),
      images: async function* (isWanted) {
        const isAsked = (file: string): boolean => slots.has(file) && isWanted(slots.get(file)!)
        for await (const { path: found, bytes } of tree.read(isAsked)) yield { ...slots.get(found)!, file: bytes, path: found }
      },
    } satisfies FoundSet
  },
}

function tables(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ path: name }) => /\.(csv|tsv|jsonl|ndjson)$/i.test(name))
}

interface Columns {
  readonly path: string
  readonly label: string
  readonly split: string | undefined
}

/** The columns that a table's first line names. */
function columnNames(head: Uint8Array): string[] | undefined {
  const [first = ''] = new TextDecoder()
    .decode(head)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  try {
    return first.startsWith('{') ? Object.keys(JSON.parse(first) as object) : (Papa.parse<string[]>(first).data[0] ?? [])
  } catch {
    return undefined
  }
}

/** Those of them that a set is made of. */
function columnsOf(head: Uint8Array): Columns | undefined {
  const names = columnNames(head) ?? []
  const named = (words: readonly string[]): string | undefined => names.find((name) => words.includes(name.trim().toLowerCase()))
  const [column, label] = [named(PATH_COLUMNS), named(LABEL_COLUMNS)]
  return column !== undefined && label !== undefined ? { path: column, label, split: named(SPLIT_COLUMNS) } : undefined
}

interface TableRecord {
  readonly record: Readonly<Record<string, unknown>>
  readonly columns: Columns
}

async function records(tree: FileTree, entry: TreeEntry): Promise<TableRecord[]> {
  const columns = columnsOf(entry.head)!
  const text = new TextDecoder().decode(await readWhole(tree, entry.path)).replace(/^\ufeff/, '')
  const found = text.startsWith('{')
    ? jsonLines(text, placeOf(tree, entry.path))
    : Papa.parse<Record<string, unknown>>(text, { header: true, skipEmptyLines: true }).data
  return found.map((record) => ({ record, columns }))
}

/** A picture's path from the source, as a table in it names it from its own folder; undefined where it leads out. */
function pictureIn(told: unknown, table: TreeEntry): string | undefined {
  if (typeof told !== 'string' || path.posix.isAbsolute(told)) return undefined
  const picture = path.posix.normalize(path.posix.join(path.posix.dirname(table.path), told.replace(/\\/g, '/')))
  return picture.startsWith('..') ? undefined : picture
}

async function readRows(tree: FileTree, entry: TreeEntry): Promise<Row[]> {
  const place = placeOf(tree, entry.path)
  const known = new Set(tree.entries.map((file) => file.path))
  return (await records(tree, entry)).map(({ record, columns }, i): Row => {
    const line = `${place}, row ${i + 1}`
    const told = record[columns.path]
    const label = record[columns.label]
    if (typeof told !== 'string' || told === '') throw new UserError('it names no picture', { place: line })
    if ((typeof label !== 'string' && typeof label !== 'number') || label === '')
      throw new UserError('it has no label', { place: line })
    const picture = pictureIn(told, entry)
    if (picture === undefined) throw new UserError(`"${told.slice(0, 200)}" lies outside of the source`, { place: line })
    if (!known.has(picture))
      throw new UserError(`there is no picture "${told.slice(0, 200)}"`, {
        place: line,
        remedy: 'paths are taken from the table’s own folder',
      })
    const split = columns.split === undefined ? undefined : record[columns.split]
    const word = typeof split === 'string' || typeof split === 'number' ? String(split) : ''
    return {
      picture,
      label: String(label),
      split: (splitOf(word) ?? word) || splitOfFile(entry.path) || 'train',
      place: line,
    }
  })
}

function jsonLines(text: string, place: string): Record<string, unknown>[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line, i }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, i }) => {
      try {
        const value = JSON.parse(line) as unknown
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
      } catch {
        // Told below.
      }
      throw new UserError('this line is no JSON object', { place: `${place}, line ${i + 1}` })
    })
}

/** Numbers in their order, where all are; else by code points. */
function classNames(labels: readonly string[]): string[] {
  const names = [...new Set(labels)]
  const areNumbers = names.every((name) => /^\d{1,9}$/.test(name))
  return names.sort(areNumbers ? (a, b) => Number(a) - Number(b) : byCodePoints)
}
