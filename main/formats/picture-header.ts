import { stillWebp } from './webp'

/** What the first bytes of a picture say of it; read before a decoder sees the rest, so that a header that lies cannot cost memory. */
export interface PictureHeader {
  readonly format: 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif'
  readonly width: number
  readonly height: number
  /** Bits of one channel. */
  readonly depth: number
  readonly isGrey: boolean
  /** Four inks instead of three lights. */
  readonly isCmyk: boolean
  /** Whether it has a transparency that its decoded channels do not show. */
  readonly hasSeparateAlpha: boolean
  /** EXIF's orientation, 1–8; 1 where none is told. */
  readonly orientation: number
}

/** @returns null for bytes that begin as none of the formats that are known, or end within their header. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return png(view)
    if (starts(bytes, [0xff, 0xd8, 0xff])) return jpeg(view)
    if (starts(bytes, [0x47, 0x49, 0x46, 0x38])) return plain('gif', view.getUint16(6, true), view.getUint16(8, true))
    if (starts(bytes, [0x42, 0x4d])) return bmp(view)
    if (starts(bytes, [0x52, 0x49, 0x46, 0x46]) && word(view, 8) === 'WEBP') return webp(bytes, view)
  } catch (error) {
    // A view that ends within the header.
    if (!(error instanceof RangeError)) throw error
  }
  return null
}

function plain(format: PictureHeader['format'], width: number, height: number): PictureHeader {
  return { format, width, height, depth: 8, isGrey: false, isCmyk: false, hasSeparateAlpha: false, orientation: 1 }
}

/** Chunks of length, type, content, sum; IHDR comes first. */
function png(view: DataView): PictureHeader {
  const depth = view.getUint8(24)
  const colour = view.getUint8(25)
  let orientation = 1
  for (let at = 8; at + 12 <= view.byteLength;) {
    const length = view.getUint32(at)
    const type = word(view, at + 4)
    if (type === 'eXIf') orientation = exifOrientation(view, at + 8, at + 8 + length)
    if (type === 'IDAT' || type === 'IEND') break
    at += 12 + length
  }
  const size = plain('png', view.getUint32(16), view.getUint32(20))
  return { ...size, depth, isGrey: colour === 0 || colour === 4, orientation }
}

/** Segments of marker and length, up to the frame's header. */
function jpeg(view: DataView): PictureHeader | null {
  let orientation = 1
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    const length = view.getUint16(at + 2)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) {
      const channels = view.getUint8(at + 9)
      const size = plain('jpeg', view.getUint16(at + 7), view.getUint16(at + 5))
      return { ...size, depth: view.getUint8(at + 4), isGrey: channels === 1, isCmyk: channels === 4, orientation }
    }
    if (marker === 0xe1 && word(view, at + 4) === 'Exif') orientation = exifOrientation(view, at + 10, at + 2 + length)
    if (marker === 0xda || marker === 0xd9) return null
    at += 2 + length
  }
}

/** Palettes and packed rows are left to be refused: decoders take a palette of colours for grey. */
function bmp(view: DataView): PictureHeader | null {
  const bits = view.getUint16(28, true)
  const packing = view.getUint32(30, true)
  const isPlain = bits === 24 || bits === 32 ? packing === 0 || packing === 3 : bits === 8 && packing === 0 && isGreyRamp(view)
  if (!isPlain) return null
  const size = plain('bmp', Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)))
  return { ...size, isGrey: bits === 8 }
}

/** A palette whose n-th colour is n in all three lights. */
function isGreyRamp(view: DataView): boolean {
  const start = 14 + view.getUint32(14, true)
  const colours = view.getUint32(46, true) || 256
  if (colours > 256) return false
  for (let i = 0; i < colours; i++)
    for (let light = 0; light < 3; light++) if (view.getUint8(start + 4 * i + light) !== i) return false
  return true
}

function webp(bytes: Uint8Array, view: DataView): PictureHeader | null {
  const still = stillWebp(bytes)
  if (!still) return null
  const orientation = still.exif ? exifOrientation(view, ...still.exif) : 1
  return { ...plain('webp', still.width, still.height), hasSeparateAlpha: still.hasSeparateAlpha, orientation }
}

/** Tag 0x0112 of the first directory of a TIFF header. Source: CIPA DC-008 (Exif 2.32), section 4.6.4. */
function exifOrientation(view: DataView, start: number, end: number): number {
  try {
    const order = word(view, start, 2)
    if (order !== 'II' && order !== 'MM') return 1
    const little = order === 'II'
    const directory = start + view.getUint32(start + 4, little)
    const count = view.getUint16(directory, little)
    for (let i = 0; i < count; i++) {
      const at = directory + 2 + 12 * i
      if (at + 12 > end) return 1
      if (view.getUint16(at, little) !== 0x0112) continue
      const found = view.getUint16(at + 8, little)
      return found >= 1 && found <= 8 ? found : 1
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return 1
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

function word(view: DataView, at: number, length = 4): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i))
  return text
}
