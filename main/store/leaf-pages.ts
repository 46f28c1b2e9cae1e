import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * Rows out of the leaves of an SQLite file's tables, page by page, without the trees above them: where an inner page or the schema is gone,
 * what lies below is found all the same. The form of pages and records: sqlite.org/fileformat2.html, 1.3 to 1.6 and 2.1.
 */

export interface LeafRow {
  readonly rowid: number
  readonly values: readonly LeafValue[]
}

/** Text as its bytes, which may be no UTF-8. */
export type LeafValue = null | number | bigint | { readonly text: Buffer } | { readonly blob: Buffer }

const TABLE_LEAF = 13
/** Of a page that lost it: what SQLite takes where nobody says otherwise. */
const USUAL_PAGE_BYTES = 4096
/** A record beyond this is none of ours, bytes. */
const MOST_BYTES = 64e6

/** A file as pages, numbered from 1. One owner, who closes it. */
class Pages {
  readonly bytes: number
  /** Bytes of a page that are used. */
  readonly usable: number
  readonly count: number
  private readonly descriptor: number

  constructor(file: string) {
    this.descriptor = openSync(file, 'r')
    const head = Buffer.alloc(100)
    readSync(this.descriptor, head, 0, 100, 0)
    const told = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16)
    const isSize = told >= 512 && Number.isInteger(Math.log2(told))
    this.bytes = isSize ? told : USUAL_PAGE_BYTES
    this.usable = this.bytes - (isSize ? head[20]! : 0)
    this.count = Math.floor(fstatSync(this.descriptor).size / this.bytes)
  }

  page(number: number): Buffer | undefined {
    if (number < 1 || number > this.count) return undefined
    const page = Buffer.allocUnsafe(this.bytes)
    return readSync(this.descriptor, page, 0, this.bytes, (number - 1) * this.bytes) === this.bytes ? page : undefined
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** All rows in the leaves of tables, in the order of the pages; what was deleted with its page is left out, as far as the list of those is whole. */
export function* leafRows(file: string): Generator<LeafRow> {
  const pages = new Pages(file)
  try {
    const free = freePages(pages)
    // The first page is the schema's.
    for (let number = 2; number <= pages.count; number++) {
      if (free.has(number)) continue
      const page = pages.page(number)
      if (page?.[0] !== TABLE_LEAF) continue
      const cells = page.readUInt16BE(3)
      if (8 + 2 * cells > pages.usable) continue
      for (let cell = 0; cell < cells; cell++) {
        const row = readCell(pages, page, page.readUInt16BE(8 + 2 * cell))
        if (row) yield row
      }
    }
  } finally {
    pages.close()
  }
}

/** Pages that hold nothing any more. */
function freePages(pages: Pages): Set<number> {
  const free = new Set<number>()
  let trunk = pages.page(1)?.readUInt32BE(32) ?? 0
  while (trunk > 0 && !free.has(trunk)) {
    const page = pages.page(trunk)
    if (!page) break
    free.add(trunk)
    const count = Math.min(page.readUInt32BE(4), pages.usable / 4 - 2)
    for (let i = 0; i < count; i++) free.add(page.readUInt32BE(8 + 4 * i))
    trunk = page.readUInt32BE(0)
  }
  return free
}

/** A number of 7 bits a byte, and where it ends; undefined where it is larger than numbers hold, or reaches beyond the bytes. */
function varint(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  let value = 0
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return undefined
    value = i === 8 ? value * 256 + byte : value * 128 + (byte & 127)
    if (byte < 128 || i === 8) return value <= Number.MAX_SAFE_INTEGER ? { value, end: at + i + 1 } : undefined
  }
  return undefined
}

function readCell(pages: Pages, page: Buffer, at: number): LeafRow | undefined {
  const length = varint(page, at)
  const rowid = length && varint(page, length.end)
  if (!rowid || length.value > MOST_BYTES) return undefined
  const record = readPayload(pages, page, rowid.end, length.value)
  const values = record && readRecord(record)
  return values && { rowid: rowid.value, values }
}

/** A record's bytes, those on overflow pages too; undefined where they are not all there. */
function readPayload(pages: Pages, page: Buffer, at: number, length: number): Buffer | undefined {
  const most = pages.usable - 35
  const least = Math.floor(((pages.usable - 12) * 32) / 255) - 23
  const fitting = least + ((length - least) % (pages.usable - 4))
  const here = length <= most ? length : fitting <= most ? fitting : least
  if (at + here + (here < length ? 4 : 0) > pages.usable) return undefined
  const parts = [page.subarray(at, at + here)]
  let next = here < length ? page.readUInt32BE(at + here) : 0
  for (let left = length - here; left > 0;) {
    const overflow = pages.page(next)
    if (!overflow) return undefined
    const part = overflow.subarray(4, Math.min(pages.usable, 4 + left))
    parts.push(part)
    left -= part.length
    next = overflow.readUInt32BE(0)
  }
  return Buffer.concat(parts, length)
}

/** Undefined where the head and the bytes behind it do not fit together. */
function readRecord(record: Buffer): LeafValue[] | undefined {
  const head = varint(record, 0)
  if (!head || head.value > record.length) return undefined
  const values: LeafValue[] = []
  let place = head.value
  for (let at = head.end; at < head.value;) {
    const type = varint(record, at)
    if (!type) return undefined
    const bytes = bytesOf(type.value)
    if (bytes === undefined || place + bytes > record.length) return undefined
    values.push(readValue(type.value, record.subarray(place, place + bytes)))
    place += bytes
    at = type.end
  }
  return place === record.length ? values : undefined
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8] as const

function bytesOf(type: number): number | undefined {
  if (type <= 6) return INTEGER_BYTES[type]
  if (type === 7) return 8
  if (type <= 9) return 0
  return type < 12 ? undefined : Math.floor((type - 12) / 2)
}

function readValue(type: number, bytes: Buffer): LeafValue {
  if (type === 0) return null
  if (type === 6) {
    const value = bytes.readBigInt64BE()
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
  if (type < 6) return bytes.readIntBE(0, bytes.length)
  if (type === 7) return bytes.readDoubleBE()
  if (type <= 9) return type - 8
  return type % 2 === 0 ? { blob: bytes } : { text: bytes }
}
