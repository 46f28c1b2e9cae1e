import { UserError } from '../../shared/errors'
import { arrayFromBytes, checkBytes, elementBytes, elementCount, type ElementLayout, type FileArray, numpyLayout } from './array'
import { Pieces } from './pieces'

/** numpy's file of one array, versions 1 to 3. Source: numpy/lib/format.py's description, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. */

const MAGIC = Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])
/** Of the header; numpy itself asks before it reads more than 10,000. */
const LONGEST_HEADER = 1_000_000

export function matchNpy(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte)
}

/** @throws UserError for a file that is cut short, holds objects or records, or whose header is not numpy's. */
export function readNpy(bytes: Uint8Array, place: string): FileArray {
  const { word, fortran, shape, start } = readHeader(bytes, place)
  const layout = numpyLayout(word)
  if (!layout) throw unreadable(word, place)
  return arrayFromBytes(bytes.subarray(start), layout, shape, fortran, place)
}

/** What a file of one array says of it before its elements. */
export interface NpyHead {
  readonly layout: ElementLayout
  readonly shape: readonly number[]
  /** The first index runs fastest: then no part of it is by itself. */
  readonly fortran: boolean
}

/** An array that is read from front to back, so many rows of its first axis at a time. One owner, who closes it. */
export class NpyStream {
  private constructor(
    readonly head: NpyHead,
    private readonly pieces: Pieces,
    private readonly place: string,
  ) {}

  /**
   * @param bytes Of the whole file.
   * @throws UserError as `readNpy`.
   */
  static async open(content: AsyncIterable<Uint8Array>, bytes: number, place: string): Promise<NpyStream> {
    const pieces = new Pieces(content)
    try {
      const begin = await pieces.take(Math.min(bytes, 12))
      const start = headerEnd(begin, place)
      const rest = start > begin.length ? await pieces.take(start - begin.length) : new Uint8Array(0)
      const { word, fortran, shape } = readHeader(Buffer.concat([begin, rest]), place)
      const layout = numpyLayout(word)
      if (!layout) throw unreadable(word, place)
      checkBytes(bytes - start, layout, shape, place)
      return new NpyStream({ layout, shape, fortran }, pieces, place)
    } catch (error) {
      await pieces.close()
      throw error
    }
  }

  /** The next rows, as an array of as many of them. @throws UserError where the file ends before. */
  async take(rows: number): Promise<FileArray> {
    const { layout, shape } = this.head
    const part = [rows, ...shape.slice(1)]
    const bytes = await this.pieces.take(elementBytes(layout) * elementCount(part, this.place))
    return arrayFromBytes(bytes, layout, part, false, this.place)
  }

  async close(): Promise<void> {
    await this.pieces.close()
  }
}

interface Header {
  /** numpy's word for an element: `<f4`. */
  readonly word: string
  readonly fortran: boolean
  readonly shape: readonly number[]
  /** First byte of the elements. */
  readonly start: number
}

/** Where the elements begin, by the first twelve bytes. */
function headerEnd(bytes: Uint8Array, place: string): number {
  if (!matchNpy(bytes)) throw new UserError('this is no array of numpy: it begins otherwise', { place })
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3) throw new UserError(`this array is of numpy's format ${version}, known are 1 to 3`, { place })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw new UserError('this array is cut short in its header', { place })
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > LONGEST_HEADER) throw new UserError(`the array's header claims ${length} bytes`, { place })
  return start + length
}

function readHeader(bytes: Uint8Array, place: string): Header {
  const end = headerEnd(bytes, place)
  if (bytes.length < end) throw new UserError('this array is cut short in its header', { place })
  const version = bytes[6]!
  const text = Buffer.from(bytes.subarray(version === 1 ? 10 : 12, end)).toString(version === 3 ? 'utf8' : 'latin1')
  return { ...parseHeader(text, place), start: end }
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`: a Python literal of these three and nothing else. */
function parseHeader(text: string, place: string): Omit<Header, 'start'> {
  const word = /['"]descr['"]\s*:\s*(?:['"]([^'"]{1,40})['"]|(\[))/.exec(text)
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1]
  const sides = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1]
  if (word?.[2]) throw unreadable('a record', place)
  if (!word?.[1] || !order || sides === undefined) throw new UserError("the array's header is not numpy's", { place })
  const shape = sides
    .split(',')
    .map((side) => side.trim().replace(/L$/, ''))
    .filter((side) => side !== '')
    .map(Number)
  return { word: word[1], fortran: order === 'True', shape }
}

/** @param word numpy's word for an element. */
export function unreadable(word: string, place: string): UserError {
  const what = /O/.test(word) ? 'Python objects' : /[SUV]/.test(word) ? 'text or raw bytes' : `elements of type ${word}`
  return new UserError(`this array holds ${what}, not numbers that can be read here`, {
    place,
    remedy: 'save it as uint8, an integer, float32 or float64',
  })
}
