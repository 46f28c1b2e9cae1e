import fs from 'node:fs'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { UserError } from '../../../../shared/errors'
import { clauseOf } from '../../../files/reasons'
import { unreadable } from '../../../formats/file-start'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { splitOfFile, splitOrder } from '../splits'

const LABELS = ['label', 'labels', 'fine_label', 'coarse_label', 'class', 'target']

interface Shard {
  readonly path: string
  readonly split: string
  readonly metadata: FileMetaData
  /** Of each group of rows, which lie together in the file. */
  readonly groups: readonly number[]
  readonly rows: number
  readonly image: string
  readonly label: string
  readonly names: readonly string[] | undefined
}

/** Parquet as Hugging Face's hub writes it: a column of pictures, bytes in a struct or by themselves, and a column of labels. */
export const parquetFiles: ImportKind = {
  name: 'parquet',
  title: 'Parquet of pictures and labels',
  asks: ['labels', 'channels', 'otherSizes'],
  match: (tree) => parquets(tree).length > 0,
  async open(tree, choices) {
    const shards: Shard[] = []
    for (const entry of parquets(tree)) shards.push(await describe(tree, entry, choices.labels))
    shards.sort((a, b) => splitOrder(a.split, b.split) || (a.path < b.path ? -1 : 1))
    const splits = [...new Set(shards.map(({ split }) => split))]
    const classes = shards.find(({ names }) => names)?.names ?? (await numbered(tree, shards))
    const rows = (split: string): number => shards.reduce((sum, shard) => sum + (shard.split === split ? shard.rows : 0), 0)
    return {
      format: this.name,
      classes: [...classes],
      shape: null,
      splits: splits.map((name) => ({ name, images: rows(name) })),
      remarks: [`pictures are its column ${shards[0]!.image}, labels its column ${shards[0]!.label}`],
      takes: (path) => shards.some((shard) => shard.path === path),
      images: () => images(tree, shards, splits, classes),
    } satisfies FoundSet
  },
}

function parquets(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1')
}

async function describe(tree: FileTree, entry: TreeEntry, wanted: 'fine' | 'coarse' | undefined): Promise<Shard> {
  const { path } = entry
  const place = placeOf(tree, path)
  const metadata = await withFile(tree, path, (file) => parquetMetadataAsync(file))
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows))
  const rows = groups.reduce((sum, count) => sum + count, 0)
  if (!Number.isSafeInteger(rows) || groups.some((count) => count < 0))
    throw new UserError('its groups of rows have no length', { place, remedy: 'fetch it again' })
  if (rows !== Number(metadata.num_rows) || rows > entry.bytes)
    throw new UserError(`it says ${metadata.num_rows} rows, its groups have ${rows}, in ${entry.bytes} bytes`, {
      place,
      remedy: 'fetch it again',
    })
  // A damaged schema may have columns without a name, whatever its type says.
  const names = metadata.schema.slice(1).map(({ name }) => name as string | undefined)
  const columns = names.filter((name): name is string => typeof name === 'string' && !['bytes', 'path'].includes(name))
  const features = hubFeatures(metadata)
  const image =
    columns.find((name) => features[name]?._type === 'Image') ?? columns.find((name) => /^(image|img|picture)s?$/i.test(name))
  const candidates = columns.filter((name) => features[name]?._type === 'ClassLabel' || LABELS.includes(name.toLowerCase()))
  const label =
    candidates.find((name) => wanted !== undefined && name.startsWith(wanted)) ??
    candidates.find((name) => !name.startsWith('coarse')) ??
    candidates[0]
  if (image === undefined || label === undefined)
    throw new UserError(
      `its columns are ${columns.slice(0, 12).join(', ')}; none is of ${image === undefined ? 'pictures' : 'labels'}`,
      {
        place,
        remedy: 'a set has a column image and a column label',
      },
    )
  return {
    path,
    split: splitOfFile(path) ?? 'train',
    ...{ metadata, groups, rows },
    image,
    label,
    names: namesOf(features[label]?.names),
  }
}

type Features = Readonly<Record<string, { readonly _type?: string; readonly names?: unknown }>>

/** What the hub writes of its columns, as JSON beside the schema. */
function hubFeatures(metadata: FileMetaData): Features {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
  try {
    const told = JSON.parse(text ?? '') as { info?: { features?: Features } } | null
    return told?.info?.features ?? {}
  } catch {
    return {}
  }
}

function namesOf(told: unknown): string[] | undefined {
  return Array.isArray(told) && told.length > 0 && told.every((name) => typeof name === 'string') ? told : undefined
}

async function numbered(tree: FileTree, shards: readonly Shard[]): Promise<string[]> {
  const seen = new Set<string>()
  for await (const { label } of rowsOf(tree, shards, true)) seen.add(label)
  const names = [...seen]
  if (!names.every((name) => /^\d{1,6}$/.test(name))) return names.sort()
  return Array.from({ length: Math.max(...names.map(Number)) + 1 }, (_, i) => String(i))
}

async function* images(
  tree: FileTree,
  shards: readonly Shard[],
  splits: readonly string[],
  classes: readonly string[],
): ReturnType<FoundSet['images']> {
  const next = splits.map(() => 0)
  for await (const { shard, row, label: word, file } of rowsOf(tree, shards, false)) {
    const split = splits.indexOf(shard.split)
    const label = /^\d+$/.test(word) && !classes.includes(word) ? Number(word) : classes.indexOf(word)
    const place = `${placeOf(tree, shard.path)}, row ${row + 1}`
    if (!(label >= 0 && label < classes.length))
      throw new UserError(`its label is ${word.slice(0, 100)}, there are ${classes.length} classes`, { place })
    if (!file) throw new UserError('it has no bytes of a picture', { place })
    yield { split, index: next[split]!++, label, file, path: `${shard.path}, row ${row + 1}` }
  }
}

interface Row {
  readonly shard: Shard
  readonly row: number
  readonly label: string
  readonly file: Uint8Array | undefined
}

/** Group by group: whoever wrote them meant each to be read whole. */
async function* rowsOf(tree: FileTree, shards: readonly Shard[], labelsAlone: boolean): AsyncGenerator<Row> {
  for (const shard of shards) {
    const place = placeOf(tree, shard.path)
    const columns = labelsAlone ? [shard.label] : [shard.image, shard.label]
    const { file, close } = await openPart(tree, shard.path)
    try {
      let start = 0
      for (const count of shard.groups) {
        const range = { rowStart: start, rowEnd: start + count }
        const rows = await attempt(place, () =>
          parquetReadObjects({ file, metadata: shard.metadata, columns, compressors, utf8: false, ...range }),
        )
        for (const [i, row] of rows.entries()) {
          const value = row[shard.label] as unknown
          if (value === null || value === undefined)
            throw new UserError('it has no label', { place: `${place}, row ${start + i + 1}` })
          const label = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value as string | number)
          yield { shard, row: start + i, label, file: pictureOf(row[shard.image]) }
        }
        start += count
      }
    } finally {
      close()
    }
  }
}

/** Bytes, or a struct that has them. */
function pictureOf(value: unknown): Uint8Array | undefined {
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null | undefined)?.bytes
  return bytes instanceof Uint8Array ? bytes : undefined
}

/** Opens a file of the source to be read in parts, from the disk where it lies there by itself. */
async function withFile<T>(tree: FileTree, path: string, read: (file: AsyncBuffer) => Promise<T>): Promise<T> {
  const { file, close } = await openPart(tree, path)
  try {
    return await attempt(placeOf(tree, path), () => read(file))
  } finally {
    close()
  }
}

async function openPart(tree: FileTree, path: string): Promise<{ file: AsyncBuffer; close(): void }> {
  const place = tree.pathOf(path)
  if (place === undefined) {
    const bytes = await readWhole(tree, path)
    const slice = (from: number, to?: number): ArrayBuffer => ownBuffer(bytes.subarray(from, to))
    return { file: { byteLength: bytes.length, slice }, close: () => undefined }
  }
  let descriptor: number
  try {
    descriptor = fs.openSync(place, 'r')
  } catch (error) {
    throw unreadable(place, error)
  }
  const { size } = fs.fstatSync(descriptor)
  const slice = (from: number, to = size): ArrayBuffer => {
    const start = Math.max(0, from < 0 ? size + from : from)
    const part = Buffer.alloc(Math.max(0, Math.min(size, to) - start))
    return ownBuffer(part.subarray(0, fs.readSync(descriptor, part, 0, part.length, start)))
  }
  return { file: { byteLength: size, slice }, close: () => fs.closeSync(descriptor) }
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

async function attempt<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof UserError) throw error
    // The reader's own words, where they are meant for people.
    const isPlain = error instanceof Error && error.name === 'Error' && !/undefined|NaN|\n/.test(error.message)
    const why = isPlain ? ` (${clauseOf(error)})` : ''
    throw new UserError(`this Parquet file is damaged, or of a kind that cannot be read${why}`, {
      place,
      remedy: 'fetch it again',
    })
  }
}
