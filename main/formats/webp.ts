/**
 * The first picture of a WebP by itself. Source: the container's specification, https://developers.google.com/speed/webp/docs/riff_container.
 *
 * TensorFlow's decoder writes beyond its memory over some animations, and its answer for them has another form; a file that holds one
 * bitstream and nothing else is what it reads safely.
 */
export interface StillWebp {
  /** A WebP of this picture alone, without a separate transparency. */
  readonly file: Uint8Array
  readonly width: number
  readonly height: number
  readonly hasSeparateAlpha: boolean
  /** Where the EXIF block's TIFF header begins in the given bytes, and its end; undefined where there is none. */
  readonly exif: readonly [start: number, end: number] | undefined
}

/** @returns null where it is damaged or cut short, or its first frame is a part of the picture only. @throws RangeError where it ends in a header. */
export function stillWebp(bytes: Uint8Array): StillWebp | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let canvas: readonly [number, number] | undefined
  let picture: { start: number; end: number } | undefined
  let exif: StillWebp['exif']
  let hasSeparateAlpha = false
  // What is cut off may be how it is to be turned. Some writers leave the last chunk's padding out.
  if (view.getUint32(4, true) + 8 > bytes.length + 1) return null
  for (const { kind, start, end } of chunks(view, 12, bytes.length)) {
    if (kind === 'VP8X') canvas = [uint24(view, start + 4) + 1, uint24(view, start + 7) + 1]
    else if (kind === 'ALPH') hasSeparateAlpha = true
    else if (kind === 'EXIF') exif = [ascii(view, start, 4) === 'Exif' ? start + 6 : start, end]
    else if (kind === 'VP8 ' || kind === 'VP8L') picture ??= { start: start - 8, end }
    else if (kind === 'ANMF' && !picture)
      for (const inner of chunks(view, start + 16, end)) {
        if (inner.kind === 'ALPH') hasSeparateAlpha = true
        if (inner.kind === 'VP8 ' || inner.kind === 'VP8L') picture ??= { start: inner.start - 8, end: inner.end }
      }
  }
  if (!picture) return null
  const [width, height] = sizeOf(view, picture.start)
  if (canvas && (canvas[0] !== width || canvas[1] !== height)) return null
  return { file: alone(bytes.subarray(picture.start, picture.end)), width, height, hasSeparateAlpha, exif }
}

function* chunks(view: DataView, from: number, to: number): Generator<{ kind: string; start: number; end: number }> {
  for (let at = from; at + 8 <= to;) {
    const length = view.getUint32(at + 4, true)
    const start = at + 8
    yield { kind: ascii(view, at, 4), start, end: Math.min(to, start + length) }
    at = start + length + (length & 1)
  }
}

/** Of a chunk's own bitstream: RFC 6386, section 9.1, and the specification of the lossless one. */
function sizeOf(view: DataView, chunk: number): readonly [width: number, height: number] {
  if (ascii(view, chunk, 4) === 'VP8 ')
    return [view.getUint16(chunk + 14, true) & 0x3fff, view.getUint16(chunk + 16, true) & 0x3fff]
  const bits = view.getUint32(chunk + 9, true)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}

function alone(chunk: Uint8Array): Uint8Array {
  const padding = chunk.length & 1
  const file = Buffer.alloc(12 + chunk.length + padding)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(4 + chunk.length + padding, 4)
  file.write('WEBP', 8, 'latin1')
  file.set(chunk, 12)
  return file
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16)
}

function ascii(view: DataView, at: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i))
  return text
}
