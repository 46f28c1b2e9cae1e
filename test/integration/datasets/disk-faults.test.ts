import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWhole } from '../../../main/datasets/import/found'
import { openTree } from '../../../main/formats/trees'
import { mayMount, normlab, temporaryHome } from '../lab-support'

const sources = temporaryHome()
const disk = temporaryHome()
const small = mayMount()
const source = path.join(sources.home, 'numbers')

/** IDX of bytes. */
function idx(sides: readonly number[], fill: (i: number) => number): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sides.length)
  header.writeUInt8(8, 2)
  header.writeUInt8(sides.length, 3)
  sides.forEach((side, i) => header.writeUInt32BE(side, 4 + 4 * i))
  const count = sides.reduce((product, side) => product * side, 1)
  return Buffer.concat([header, Uint8Array.from({ length: count }, (_, i) => fill(i) & 255)])
}

beforeAll(() => {
  mkdirSync(source)
  writeFileSync(
    path.join(source, 'images-idx3-ubyte'),
    idx([100_000, 8, 8], (i) => i),
  )
  writeFileSync(
    path.join(source, 'labels-idx1-ubyte'),
    idx([100_000], (i) => i % 10),
  )
  if (small) mount('-t', 'tmpfs', '-o', 'size=4m', 'none')
})
afterAll(() => {
  if (small) execFileSync('umount', ['-l', disk.home], { stdio: 'ignore' })
  disk.remove()
  sources.remove()
})

const mount = (...words: string[]): void => void execFileSync('mount', [...words, disk.home])

describe.skipIf(!small)('an import', () => {
  it('into a disk that is too full for it ends with one sentence, and leaves what there was', async () => {
    const { status, stdout, stderr } = await normlab(['datasets', 'import', source, '--json'], disk.home)
    expect(stderr).toMatch(
      /^normlab: [^\n]*: the data set cannot be stored: the disk is full; make room there and import again\n$/,
    )
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(readdirSync(path.join(disk.home, 'datasets'))).toEqual([])
    expect((await normlab(['datasets', 'list', '--json'], disk.home)).stdout).not.toContain('numbers')
  })

  it('into a data folder that cannot be written says so', async () => {
    mount('-o', 'remount,ro')
    const { status, stderr } = await normlab(['datasets', 'import', source, '--json'], disk.home)
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^normlab: [^\n]*read-only[^\n]*\n$/) as string,
    })
  })
})

describe('a source', () => {
  it('that is not there is told with its place', async () => {
    const missing = path.join(sources.home, 'missing.tar.gz')
    expect(await normlab(['datasets', 'import', missing], sources.home)).toMatchObject({
      status: 2,
      stderr: `normlab: ${missing}: there is no such file or folder\n`,
    })
  })

  // Whoever is root may read everything, and becomes somebody else for the test.
  it.skipIf(process.getuid?.() !== 0)('that may not be read is told with its place', async () => {
    const file = path.join(source, 'labels-idx1-ubyte')
    for (const place of [sources.home, source]) chmodSync(place, 0o755)
    chmodSync(file, 0o000)
    process.seteuid!(65_534)
    try {
      await expect(openTree(file)).rejects.toThrow(/labels-idx1-ubyte: it cannot be read: permission is denied; see that/)
      const tree = await openTree(source)
      await expect(readWhole(tree, 'labels-idx1-ubyte')).rejects.toThrow(
        /labels-idx1-ubyte: it cannot be read: permission is denied/,
      )
    } finally {
      process.seteuid!(0)
      chmodSync(file, 0o644)
    }
  })
})
