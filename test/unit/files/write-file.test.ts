import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Write, writeFile, writeFileBy, writeFileElsewhere } from '../../../main/files/write-file'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'normlab-write-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => path.join(folder, name)
/** The ways to write one text. */
const ways: readonly [name: string, write: (file: string, text: string) => unknown][] = [
  ['whole', (file, text) => writeFile(file, text)],
  ['piece by piece', (file, text) => writeFile(file, (write) => [...text].forEach((letter) => write(letter)))],
  ['by another writer', (file, text) => writeFileBy(file, (aside) => writeFileSync(aside, text))],
  ['by another process', (file, text) => writeFileElsewhere(file, async (out) => writeFile(out, text))],
]

describe.each(ways)('a file written %s', (_, write) => {
  it('takes the place of the old one, keeps its permissions, and leaves nothing beside it', async () => {
    writeFileSync(at('a'), 'old')
    chmodSync(at('a'), 0o640)
    await write(at('a'), 'new')
    expect(readFileSync(at('a'), 'utf8')).toBe('new')
    expect(statSync(at('a')).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('goes where a link points, there or not, and the link stays one', async () => {
    mkdirSync(at('far'))
    symlinkSync('far/target', at('link'))
    for (const text of ['first', 'second']) {
      await write(at('link'), text)
      expect(readFileSync(at('far/target'), 'utf8')).toBe(text)
    }
    expect(lstatSync(at('link')).isSymbolicLink() && readlinkSync(at('link'))).toBe('far/target')
  })

  it('goes straight into a pipe, which stays one', async () => {
    execFileSync('mkfifo', [at('pipe')])
    const reader = spawn('cat', [at('pipe')], { stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = new Promise<string>((resolve) => {
      let text = ''
      reader.stdout.on('data', (piece) => (text += String(piece)))
      reader.on('close', () => resolve(text))
    })
    await write(at('pipe'), 'through')
    expect(await ended).toBe('through')
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
    expect(readdirSync(folder)).toEqual(['pipe'])
  })

  it.each([
    ['a missing folder', () => at('no/such'), /the file cannot be written: there is no such folder; make its folder first/],
    ['a folder', () => folder, /the file cannot be written: this is a folder; name a file in it/],
    [
      'a name that is too long',
      () => at('x'.repeat(300)),
      /the file cannot be written: the name is too long; choose a shorter one/,
    ],
    ['a device that is full', () => '/dev/full', /^\/dev\/full: the file cannot be written: the disk is full; make room/],
  ])('to %s is refused with the target’s name and a way out', async (_case, file, sentence) => {
    const refused = await Promise.resolve()
      .then(() => write(file(), 'text'))
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'UserError', message: expect.stringMatching(sentence) as string })
    expect((refused as Error).message.startsWith(`${file()}: `)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a file', () => {
  it('is as it was where what fills it fails', () => {
    writeFileSync(at('a'), 'old')
    const failing = (write: Write): void => {
      write('half')
      throw new Error('interrupted')
    }
    expect(() => writeFile(at('a'), failing)).toThrow('interrupted')
    expect(() =>
      writeFileBy(at('a'), (aside) => {
        writeFileSync(aside, 'half')
        throw new Error('interrupted')
      }),
    ).toThrow('interrupted')
    expect(readFileSync(at('a'), 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('takes text and bytes in their order', () => {
    const count = writeFile(at('a'), (write) => {
      write('one ')
      write(Buffer.from('two '))
      write('drei äöü')
      return 3
    })
    expect(count).toBe(3)
    expect(readFileSync(at('a'), 'utf8')).toBe('one two drei äöü')
  })

  it.skipIf(process.getuid?.() === 0)('that may not be written to is not replaced either', () => {
    writeFileSync(at('a'), 'old', { mode: 0o444 })
    expect(() => writeFile(at('a'), 'new')).toThrow('permission is denied; choose a place that you may write to')
    expect(existsSync(at('a'))).toBe(true)
  })
})
