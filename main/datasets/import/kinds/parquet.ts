import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { UserError } from '../../../../shared/errors'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { baseName, type FoundSet, type ImportKind, placeOf, readWhole } from '../found'
import { splitOf, splitOrder } from '../splits'

/** Rows that are read together. */
const TOGETHER = 500
const LABELS = ['label', 'labels', 'fine_label', 'coarse_label', 'class', 'target']

interface Shard {
  readonly path: string
  readonly split: string
  readonly rows: number
  readonly image: string
  readonly label: string
  readonly names: readonly string[] | undefined
}

/** Parquet as Hugging Face's hub writes it: a column of pictures, bytes in a struct or by themselves, and a column of labels. */
export const parquetFiles: ImportKind = {
  name: 'parquet',
  title: 'Parquet of pictures and labels',
  asks: ['labels', 'channels'],
  match: (tree) => parquets(tree).length > 0,
  async open(tree, choices) {
    const shards: Shard[] = []
    for (const { path } of parquets(tree))
      shards.push(describe(await readWhole(tree, path), path, placeOf(tree, path), choices.labels))
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
      images: () => images(tree, shards, splits, classes),
    } satisfies FoundSet
  },
}

function parquets(tree: FileTree): TreeEntry[] {
  return tree.entries.filter(({ head }) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1')
}

function describe(bytes: Uint8Array, path: string, place: string, wanted: 'fine' | 'coarse' | undefined): Shard {
  const metadata = attempt(place, () => parquetMetadata(bufferOf(bytes)))
  const columns = metadata.schema.filter(({ name }, i) => i > 0 && !['bytes', 'path'].includes(name)).map(({ name }) => name)
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
    split: splitOf(baseName(path)) ?? 'train',
    rows: Number(metadata.num_rows),
    image,
    label,
    names: features[label]?.names,
  }
}

type Features = Readonly<Record<string, { readonly _type?: string; readonly names?: string[] }>>

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

async function* rowsOf(tree: FileTree, shards: readonly Shard[], labelsAlone: boolean): AsyncGenerator<Row> {
  for (const shard of shards) {
    const file = bufferOf(await readWhole(tree, shard.path))
    const place = placeOf(tree, shard.path)
    for (let start = 0; start < shard.rows; start += TOGETHER) {
      const columns = labelsAlone ? [shard.label] : [shard.image, shard.label]
      const rows = await attempt(place, () =>
        parquetReadObjects({
          file,
          columns,
          rowStart: start,
          rowEnd: Math.min(shard.rows, start + TOGETHER),
          utf8: false,
          compressors,
        }),
      )
      for (const [i, row] of rows.entries()) {
        const value = row[shard.label] as unknown
        const label = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)
        yield { shard, row: start + i, label, file: pictureOf(row[shard.image]) }
      }
    }
  }
}

/** Bytes, or a struct that has them. */
function pictureOf(value: unknown): Uint8Array | undefined {
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null | undefined)?.bytes
  return bytes instanceof Uint8Array ? bytes : undefined
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

/** What the reader says of a damaged file, as a sentence of ours. */
function attempt<T>(place: string, act: () => T): T {
  const refuse = (error: unknown): never => {
    throw new UserError(`this Parquet file cannot be read (${(error as Error).message.slice(0, 120)})`, { place })
  }
  try {
    const result = act()
    return result instanceof Promise ? (result.catch(refuse) as T) : result
  } catch (error) {
    return refuse(error)
  }
}
