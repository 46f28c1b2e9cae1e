import { clauseOf } from '../../files/reasons'
import { readPictureHeader, type PictureHeader } from '../../formats/picture-header'
import { stillWebp } from '../../formats/webp'
import { NodeGraph } from '../graph/node-graph'
import { Session } from '../tensorflow/session'
import { turned } from './orientation'

/** A decoded picture: 8 bits a channel, red, green and blue behind one another, or grey alone. */
export interface Picture {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  /** [height, width, channels]. */
  readonly pixels: Uint8Array
  /** What was done to it that its file does not show: bit i for PICTURE_REMARKS[i]. */
  readonly marks: number
}

/** What may be done to a picture. New ones come behind: an import that is gone on with knows them by their place. */
export const PICTURE_REMARKS = [
  '16 bits a channel became 8 (v/257)',
  'its transparency was dropped',
  'CMYK became RGB',
  'turned upright, as its EXIF says',
] as const

const markOf = (remark: (typeof PICTURE_REMARKS)[number]): number => 1 << PICTURE_REMARKS.indexOf(remark)

/** Why a file is no picture, one clause. */
export interface PictureFault {
  readonly why: string
}

/** Pixels of one picture; what claims more is refused before it is decoded. */
const MOST_PIXELS = 2 ** 27
/** Pictures of one session call: enough that the call itself costs little. */
const BATCH = 64
/** Pixels of one session call, as its answers lie in memory in four bytes a value; one picture may have more. */
const BATCH_PIXELS = 2 ** 21

/** TensorFlow's number types (types.proto). */
const STRING = 7
const UINT8 = 4
const UINT16 = 17
const INT32 = 3

type Way = 'image' | 'jpeg' | 'webp' | 'deep'
const WAYS: readonly Way[] = ['image', 'jpeg', 'webp', 'deep']

/**
 * Decodes PNG, JPEG, WebP, BMP and GIF (its first picture) by TensorFlow's own operations. One owner, who closes it.
 *
 * Sixteen bits become eight by v/257, rounded; alpha is dropped; CMYK becomes RGB; what EXIF says is turned is turned.
 */
export class PictureDecoder {
  private readonly session: Session

  constructor() {
    const graph = new NodeGraph()
    for (let i = 0; i < BATCH; i++) {
      for (const way of WAYS) {
        const file = graph.node('Placeholder', [], { dtype: { type: STRING }, shape: { shape: [] } }, `${way}_file${i}`)
        const decoded = decodeNode(graph, way, file)
        const type = way === 'deep' ? UINT16 : UINT8
        graph.node('Cast', [decoded], { SrcT: { type }, DstT: { type: INT32 }, Truncate: { b: false } }, `${way}${i}`)
      }
    }
    this.session = Session.open(graph.nodes, { threads: 1, parallelOperations: 2 })
  }

  close(): void {
    this.session.close()
  }

  /** Whether all of those that are pictures are grey. */
  areGrey(files: readonly Uint8Array[]): boolean {
    const headers = files.map(readPictureHeader).filter((header) => header !== null)
    return headers.length > 0 && headers.every(({ isGrey }) => isGrey)
  }

  /**
   * @param files Whole files, of any mixture of formats; names do not matter.
   * @param channels What comes back; grey becomes colour by three equal channels, colour never becomes grey here.
   */
  decode(files: readonly Uint8Array[], channels: 1 | 3): (Picture | PictureFault)[] {
    const asked = files.map((file) => ({ file, header: fault(readPictureHeader(file), channels) }))
    const results = asked.map(({ header }): Picture | PictureFault => header as PictureFault)
    const good = asked.flatMap(({ file, header }, place) => ('why' in header ? [] : [{ file, header, place }]))
    for (let start = 0; start < good.length;) {
      const part = good.slice(start, start + withinBounds(good, start))
      this.run(part, channels).forEach((result, i) => (results[part[i]!.place] = result))
      start += part.length
    }
    return results
  }

  private run(asked: readonly { file: Uint8Array; header: PictureHeader }[], channels: 1 | 3): (Picture | PictureFault)[] {
    if (asked.length === 0) return []
    const names = asked.map(({ header }, i) => `${wayOf(header)}${i}`)
    const feeds = asked.map(({ file, header }, i) => [`${wayOf(header)}_file${i}`, fed(file, header)] as const)
    try {
      const values = this.session.runBytes(Object.fromEntries(feeds), names)
      return values.map(({ values, shape }, i) => finish(values, shape, asked[i]!.header, channels))
    } catch (error) {
      // One damaged file fails the call; each alone tells which.
      if (asked.length > 1) return asked.flatMap((one) => this.run([one], channels))
      return [{ why: `it cannot be decoded (${reason(error)})` }]
    }
  }
}

/** How many pictures from one on go into one session call. */
function withinBounds(pictures: readonly { readonly header: PictureHeader }[], start: number): number {
  let count = 0
  for (let pixels = 0; count < BATCH && start + count < pictures.length; count++) {
    const { width, height } = pictures[start + count]!.header
    pixels += width * height
    if (count > 0 && pixels > BATCH_PIXELS) break
  }
  return count
}

/** DecodeImage knows several formats by their bytes. JPEG's own has the exact cosine transform, as other programs use: the fast one is off by a level. */
function decodeNode(graph: NodeGraph, way: Way, file: string): string {
  if (way === 'deep') return graph.node('DecodePng', [file], { channels: { i: 0 }, dtype: { type: UINT16 } })
  if (way === 'jpeg') return graph.node('DecodeJpeg', [file], { channels: { i: 0 }, dct_method: { s: 'INTEGER_ACCURATE' } })
  if (way === 'webp') return graph.node('DecodeWebP', [file], { channels: { i: 0 }, dtype: { type: UINT8 } })
  return graph.node('DecodeImage', [file], { channels: { i: 0 }, dtype: { type: UINT8 }, expand_animations: { b: false } })
}

/** What the decoder is given of a file. */
function fed(file: Uint8Array, { format }: PictureHeader): Uint8Array {
  return (format === 'webp' ? stillWebp(file)?.file : undefined) ?? file
}

function wayOf({ format, depth }: PictureHeader): Way {
  if (format === 'webp' || format === 'jpeg') return format
  return format === 'png' && depth === 16 ? 'deep' : 'image'
}

function fault(header: PictureHeader | null, channels: 1 | 3): PictureHeader | PictureFault {
  if (!header) return { why: 'it is no whole PNG, JPEG, WebP, GIF or plain BMP' }
  const { width, height, isGrey } = header
  if (width === 0 || height === 0) return { why: `its header says ${height}×${width} pixels` }
  if (width * height > MOST_PIXELS)
    return { why: `its header says ${height}×${width} pixels (height × width), more than ${MOST_PIXELS} in all` }
  if (channels === 1 && !isGrey) return { why: 'it has colours, the set is grey' }
  return header
}

/** Channels made those that are wanted, depth and orientation mended. */
function finish(values: Int32Array, shape: readonly number[], header: PictureHeader, channels: 1 | 3): Picture | PictureFault {
  const [height, width, own] = shape.slice(-3) as [number, number, number]
  if (height !== header.height || width !== header.width)
    return { why: `its header says ${header.height}×${header.width} pixels (height × width), its content ${height}×${width}` }
  let marks = 0
  const isDeep = wayOf(header) === 'deep'
  if (isDeep) marks |= markOf('16 bits a channel became 8 (v/257)')
  if (own === 2 || own === 4 || header.hasSeparateAlpha) marks |= markOf('its transparency was dropped')
  if (header.isCmyk) marks |= markOf('CMYK became RGB')
  const pixels = new Uint8Array(height * width * channels)
  const isGrey = own < 3
  for (let i = 0; i < height * width; i++)
    for (let c = 0; c < channels; c++) {
      const value = values[i * own + (isGrey ? 0 : c)]!
      pixels[i * channels + c] = isDeep ? Math.round(value / 257) : value
    }
  const upright = turned({ height, width, channels, pixels }, header.orientation)
  if (header.orientation !== 1) marks |= markOf('turned upright, as its EXIF says')
  return { ...upright, marks }
}

function reason(error: unknown): string {
  const { message = String(error) } = error as Partial<Error>
  return clauseOf(new Error(message.replace(/^.*?(Invalid|Unable|Unknown|Got|Trying|Incomplete)/, '$1')))
}
