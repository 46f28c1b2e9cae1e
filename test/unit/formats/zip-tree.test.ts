import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openZip } from '../../../main/formats/trees/zip-tree'
import { encodeZip } from '../../../main/formats/zip-write'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A zip of one packed file, changed before it is written. */
function packed(content: Uint8Array, change: (bytes: Buffer) => Buffer = (bytes) => bytes): string {
  const file = path.join(folder, 'packed.zip')
  writeFileSync(file, change(Buffer.concat(encodeZip([{ name: 'file', pieces: [content], isDeflated: true }]))))
  return file
}

async function piecesOf(file: string): Promise<Uint8Array[]> {
  const tree = await openZip(file)
  try {
    const pieces: Uint8Array[] = []
    for await (const piece of tree.stream('file')) pieces.push(Uint8Array.from(piece))
    return pieces
  } finally {
    tree.close()
  }
}

describe('a packed file of a zip', () => {
  it('is unpacked whole, and in few pieces where it packs well: another thread is waited for each time', async () => {
    const content = new Uint8Array(8e6)
    for (let i = 0; i < content.length; i += 1e5) content[i] = i / 1e5
    const pieces = await piecesOf(packed(content))
    expect(Buffer.concat(pieces).equals(content)).toBe(true)
    expect(pieces.length).toBeLessThan(64)
  })

  it.each([0, 1, 511, 512, 513, 2 ** 18, 2 ** 18 + 1])(
    'is read whole, in a stream and by its first bytes, of %i bytes',
    async (bytes) => {
      const content = Uint8Array.from({ length: bytes }, (_, i) => (i * i) >> 3)
      const file = packed(content)
      expect(Buffer.concat(await piecesOf(file)).equals(content)).toBe(true)
      const tree = await openZip(file)
      expect(tree.entries).toMatchObject([{ path: 'file', bytes }])
      expect(Buffer.from(tree.entries[0]!.head).equals(content.subarray(0, 512))).toBe(true)
      for await (const whole of tree.read(() => true)) expect(Buffer.from(whole.bytes).equals(content)).toBe(true)
      tree.close()
    },
  )

  it('that is damaged within is told, wherever', async () => {
    const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 5)
    const length = packedLength(content)
    for (const at of [0.02, 0.5, 0.97])
      await expect(
        piecesOf(
          packed(content, (bytes) => {
            bytes[34 + Math.floor(at * length)]! ^= 0x55
            return bytes
          }),
        ),
      ).rejects.toThrow(/packed\.zip(: file)?: this zip is damaged or cut short/)
  })

  it('is let go of where whoever reads it has enough', async () => {
    const tree = await openZip(packed(new Uint8Array(8e6)))
    for await (const piece of tree.stream('file')) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect(Buffer.concat(await piecesOf(tree.place)).length).toBe(8e6)
    tree.close()
  })
})

/** Bytes that it takes in the zip. */
const packedLength = (content: Uint8Array): number =>
  Buffer.concat(encodeZip([{ name: 'file', pieces: [content], isDeflated: true }])).readUInt32LE(18)
