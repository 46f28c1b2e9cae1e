import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTree } from '../../../main/formats/trees'
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

describe('files of an archive whose names come to one', () => {
  const three = [
    ['a/1', 'first'],
    ['a\\1', 'second'],
    ['b', 'other'],
  ] as const

  it('are told: the last one stands', async () => {
    const zip = path.join(folder, 'x.zip')
    writeFileSync(zip, Buffer.concat(encodeZip(three.map(([name, text]) => ({ name, pieces: [Buffer.from(text)] })))))
    const tape = path.join(folder, 'x.tar')
    const pack = tar.pack()
    for (const [name, text] of three) pack.entry({ name }, text)
    pack.finalize()
    const pieces: Buffer[] = []
    for await (const piece of pack as AsyncIterable<Buffer>) pieces.push(piece)
    writeFileSync(tape, Buffer.concat(pieces))
    for (const file of [zip, tape]) {
      const tree = await openTree(file)
      const read: Record<string, string> = {}
      for await (const { path: name, bytes } of tree.read(() => true)) read[name] = Buffer.from(bytes).toString()
      tree.close()
      expect(read).toEqual({ 'a/1': 'second', b: 'other' })
      expect(tree.skipped).toEqual([{ path: 'a/1', why: 'a later file has its name' }])
    }
  })

  it('as they are no UTF-8 are left out and told, in a zip that says it is and in a tar', async () => {
    const spoilt = (bytes: Buffer): Buffer => {
      for (let at = bytes.indexOf('Gr?n'); at >= 0; at = bytes.indexOf('Gr?n')) bytes[at + 2] = 0xfc
      return bytes
    }
    const zip = path.join(folder, 'x.zip')
    writeFileSync(zip, spoilt(Buffer.concat(encodeZip(['Gr?n/1', 'b/1'].map((name) => ({ name, pieces: [Buffer.from('x')] }))))))
    const tape = path.join(folder, 'x.tar')
    writeFileSync(
      tape,
      Buffer.concat([tarHeader(Buffer.from('Gr\xfcn/1', 'latin1')), tarHeader(Buffer.from('b/1')), Buffer.alloc(1024)]),
    )
    for (const file of [zip, tape]) {
      const tree = await openTree(file)
      expect(tree.entries.map((entry) => entry.path)).toEqual(['b/1'])
      expect(tree.skipped).toEqual([{ path: 'Gr\ufffdn/1', why: 'its name is not UTF-8' }])
      tree.close()
    }
  })
})

describe('a file that is packed twice', () => {
  it.each([
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
    ['zip', (bytes: Uint8Array) => Buffer.concat(encodeZip([{ name: 'a', pieces: [bytes] }]))],
    ['bzip2', () => Buffer.from('BZh91AY&SY')],
    ['xz', () => Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3])],
  ])('is told to be, by %s within', async (name, pack) => {
    for (const ending of ['tar.gz', 'tgz', 'npz.gz', 'gz']) {
      const file = path.join(folder, `x.${ending}`)
      writeFileSync(file, gzipSync(pack(Buffer.from('anything'))))
      await expect(openTree(file)).rejects.toThrow(`${file}: it is packed twice, by gzip and within by ${name}; unpack it once`)
    }
  })
})

/** The header of an empty file of a tar (POSIX ustar). */
function tarHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(512)
  name.copy(header)
  const octal = (value: number, digits: number, at: number): unknown => header.write(value.toString(8).padStart(digits, '0'), at)
  octal(0o644, 7, 100)
  for (const [digits, at] of [[7, 108], [7, 116], [11, 124], [11, 136]] as const) octal(0, digits, at) // prettier-ignore
  header.fill(' ', 148, 156)
  header.write('0', 156)
  header.write('ustar', 257)
  header.write('00', 263)
  octal(header.reduce((sum, byte) => sum + byte, 0), 6, 148) // prettier-ignore
  header[154] = 0
  return header
}

/** Bytes that it takes in the zip. */
const packedLength = (content: Uint8Array): number =>
  Buffer.concat(encodeZip([{ name: 'file', pieces: [content], isDeflated: true }])).readUInt32LE(18)
