import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** A BMP of one colour, 24 bits. */
export function bmp(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Uint8Array {
  const row = Math.ceil((3 * width) / 4) * 4
  const bytes = Buffer.alloc(54 + row * height)
  bytes.write('BM', 'latin1')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) bytes.set([blue, green, red], 54 + y * row + 3 * x)
  return bytes
}

/** Folders of pictures of 4×4 pixels, each of a colour of its own. */
export function writePictures(folder: string, classes: number, each: number): void {
  for (let label = 0; label < classes; label++) {
    const place = path.join(folder, `class${label}`)
    mkdirSync(place, { recursive: true })
    for (let i = 0; i < each; i++) writeFileSync(path.join(place, `${i}.bmp`), bmp(4, 4, [label, i & 255, i >> 8]))
  }
}
