import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tar from 'tar-stream'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp as backUpBy, makeBackup, type BackupOptions } from '../../../main/store/backup'
import { isBackupName } from '../../../main/store/backup-format'
import { filesThroughLinks } from '../../../main/store/linked-folder'
import { copyAhead } from '../../../main/store/move'
import { restore as restoreBy, unpackBackup } from '../../../main/store/restore'
import { Store } from '../../../main/store/store'

let folder: string
let home: string
const at = (...names: string[]): string => path.join(folder, ...names)
const program = '0.1.0'

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-backup-'))
  home = at('home')
  mkdirSync(path.join(home, 'checkpoints/1'), { recursive: true })
  mkdirSync(path.join(home, 'datasets/imported'), { recursive: true })
  writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(__dirname, 'released/6.db.gz'))))
  writeFileSync(path.join(home, 'checkpoints/1/step-00000004.safetensors'), Buffer.alloc(3_000_000, 7))
  writeFileSync(path.join(home, 'checkpoints/1/.half.tmp'), 'x')
  writeFileSync(path.join(home, 'datasets/imported/mine.safetensors'), '')
  writeFileSync(path.join(home, 'serve.json'), '{"token":"secret"}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const backUp = (of: string, file: string, options: BackupOptions): ReturnType<typeof backUpBy> =>
  backUpBy(of, file, (aside) => makeBackup(of, aside, file, options))
const restore = (file: string, to: string): ReturnType<typeof restoreBy> =>
  restoreBy(to, (aside) => unpackBackup(file, aside, to))

const runsOf = (place: string): unknown => {
  const store = new Store(place)
  try {
    return store.runs.all().map(({ id, name, state, steps }) => [id, name, state, steps, [...store.steps.each(id)].length])
  } finally {
    store.close()
  }
}

type Entry = Parameters<tar.Pack['entry']>[0]

/** A tar file of such entries. */
async function tape(entries: readonly [Entry, string][]): Promise<string> {
  const pack = tar.pack()
  for (const [header, text] of entries) pack.entry(header, text)
  pack.finalize()
  const pieces: Buffer[] = []
  for await (const piece of pack as AsyncIterable<Buffer>) pieces.push(piece)
  writeFileSync(at('made.tar'), Buffer.concat(pieces))
  return at('made.tar')
}
const head = { name: 'normlab-backup.json' }
const said = JSON.stringify({ format: 'normlab/backup', version: 1, program, store: 1, at: '' })

describe('a backup', () => {
  it('brings back runs, checkpoints and data sets, and neither tokens nor half-written files', async () => {
    const before = runsOf(home)
    const { runs, files } = await backUp(home, at('a.tar'), { program })
    expect([runs, files]).toEqual([2, 3])
    expect(statSync(at('a.tar')).mode & 0o077).toBe(0)
    expect(readFileSync(at('a.tar'), 'latin1')).not.toContain('secret')
    const restored = await restore(at('a.tar'), at('elsewhere'))
    expect(restored).toMatchObject({ runs: 2, files: 3, home: at('elsewhere') })
    expect(runsOf(at('elsewhere'))).toEqual(before)
    expect(readFileSync(at('elsewhere/checkpoints/1/step-00000004.safetensors')).equals(Buffer.alloc(3_000_000, 7))).toBe(true)
    expect(readdirSync(at('elsewhere'))).not.toContain('serve.json')
    expect(readdirSync(at('elsewhere/datasets'))).toEqual(['imported'])
    expect(readdirSync(folder).sort()).toEqual(['a.tar', 'elsewhere', 'home'])
  })

  it('has what links in the data folder lead to, and refuses one that leads nowhere or back', async () => {
    mkdirSync(at('large/folder'), { recursive: true })
    writeFileSync(at('large/folder/images'), 'many')
    symlinkSync(at('large'), path.join(home, 'datasets/linked'))
    symlinkSync(at('large/folder/images'), path.join(home, 'datasets/imported/same'))
    expect(await backUp(home, at('a.tar'), { program })).toMatchObject({ files: 5 })
    await restore(at('a.tar'), at('elsewhere'))
    for (const name of ['linked/folder/images', 'imported/same'])
      expect(readFileSync(at('elsewhere/datasets', name), 'utf8')).toBe('many')
    symlinkSync(home, at('large/back'))
    await expect(backUp(home, at('b.tar'), { program })).rejects.toThrow(/linked\/back: this link in the data folder leads back/)
    rmSync(at('large'), { recursive: true })
    await expect(backUp(home, at('b.tar'), { program })).rejects.toThrow(
      /imported\/same: this part of the data folder is a link to what/,
    )
    // Where they are left out, nobody misses them.
    expect(await backUp(home, at('b.tar'), { program, withoutDatasets: true })).toMatchObject({ files: 2 })
  })

  it.skipIf(process.platform === 'win32')(
    'accepts names that are restored, and refuses others before anything is written',
    async () => {
      mkdirSync(at('foreign', 'a\\b'), { recursive: true })
      const names = ['12:30 photo.png', 'a\\b/c\\..\\d', 'größe 日本.txt', ' ', '-', 'x'.repeat(200), '"q" %\u007f']
      for (const name of names) writeFileSync(at('foreign', name), name)
      symlinkSync(at('foreign'), path.join(home, 'datasets/linked'))
      await backUp(home, at('a.tar'), { program })
      await restore(at('a.tar'), at('elsewhere'))
      for (const name of names) expect(readFileSync(at('elsewhere/datasets/linked', name), 'utf8')).toBe(name)
      const deep = `${'d'.repeat(200)}/`.repeat(5)
      mkdirSync(at('foreign', deep), { recursive: true })
      for (const name of ['two\nlines', `${deep}deep`]) {
        writeFileSync(at('foreign', name), '')
        await expect(backUp(home, at('b.tar'), { program })).rejects.toThrow(
          /linked\/.*: a file of this name could not be restored: /,
        )
        rmSync(at('foreign', name))
      }
      expect(readdirSync(folder).sort()).toEqual(['a.tar', 'elsewhere', 'foreign', 'home'])
    },
  )

  // Windows keeps names as text, and macOS refuses others.
  it.skipIf(process.platform !== 'linux')(
    'tells a name that is no text by its place, rather than leave out what has it',
    async () => {
      const inner = path.join(home, 'datasets/imported/')
      const latin = Buffer.concat([Buffer.from(inner), Buffer.from('Gr\xfcn.png', 'latin1')])
      writeFileSync(latin, 'x')
      const told = `${inner}Gr\ufffdn.png: this name in the data folder is not UTF-8: what has it would be left out; give it another name`
      await expect(backUp(home, at('a.tar'), { program })).rejects.toThrow(told)
      await expect(copyAhead(home, at('moved'), () => undefined)).rejects.toThrow(told)
      expect(await backUp(home, at('a.tar'), { program, withoutDatasets: true })).toMatchObject({ files: 2 })
      rmSync(latin)
      // The very letter that stands for what is no text is one.
      writeFileSync(`${inner}Gr\ufffdn.png`, 'x')
      expect(await backUp(home, at('b.tar'), { program })).toMatchObject({ files: 4 })
      mkdirSync(latin)
      await expect(backUp(home, at('c.tar'), { program })).rejects.toThrow(told)
    },
  )

  it('tells what cannot be read, is there twice or is too much by its place', async () => {
    const link = path.join(home, 'datasets/link')
    symlinkSync('link', link)
    await expect(backUp(home, at('a.tar'), { program })).rejects.toThrow(`${link}: this part of the data folder cannot be read: its links`) // prettier-ignore
    rmSync(link)
    mkdirSync(at('many/inner'), { recursive: true })
    for (const name of ['1', '2', '3']) writeFileSync(at('many', name), '')
    symlinkSync(at('many'), link)
    expect(() => filesThroughLinks(home, () => false, 8)).toThrow(`${link}: more than 8 files and folders of the data folder`)
    symlinkSync(at('many/inner'), path.join(home, 'datasets/second'))
    await expect(backUp(home, at('a.tar'), { program })).rejects.toThrow(/second: this folder is in the data folder twice, by a link: it is datasets\/link\/inner too/) // prettier-ignore
    rmSync(path.join(home, 'datasets/second'))
    if (process.getuid?.() === 0) return
    for (const [place, none, all] of [
      [at('many/inner'), 0, 0o700],
      [at('many/1'), 0, 0o600],
    ] as const) {
      writeFileSync(at('many/1'), 'x')
      chmodSync(place, none)
      await expect(backUp(home, at('a.tar'), { program })).rejects.toThrow(/link\/(inner|1): this part of the data folder cannot be read: permission/) // prettier-ignore
      chmodSync(place, all)
    }
  })

  it('is of one moment while another program writes', async () => {
    const writer = new Store(home)
    const step = (number: number) => ({
      step: number,
      epoch: 1,
      loss: 1,
      accuracy: 0,
      rate: 0.1,
      ms: 1,
      norms: new Float32Array(4),
    })
    let next = 1000
    const timer = setInterval(() => writer.append(1, [step(next++), step(next++)], []), 1)
    await backUp(home, at('a.tar'), { program })
    clearInterval(timer)
    writer.close()
    await restore(at('a.tar'), at('elsewhere'))
    const steps = (runsOf(at('elsewhere')) as unknown[][]).find(([id]) => id === 1)![4] as number
    expect(steps % 2).toBe(0)
  })

  it('leaves data sets out where that is said', async () => {
    expect((await backUp(home, at('a.tar'), { program, withoutDatasets: true })).files).toBe(2)
  })

  it('is not written over a data folder that is there', async () => {
    await backUp(home, at('a.tar'), { program })
    await expect(restore(at('a.tar'), home)).rejects.toThrow(
      `${home}: there is a data folder already; choose another with --home`,
    )
    mkdirSync(at('empty'))
    symlinkSync(at('empty'), at('linked'))
    expect((await restore(at('a.tar'), at('linked'))).runs).toBe(2)
    expect(runsOf(at('empty'))).toEqual(runsOf(home))
    expect(readdirSync(at('empty')).filter((name) => name.startsWith('.'))).toEqual([])
    await expect(restore(at('a.tar'), at('a.tar'))).rejects.toThrow(/a\.tar: this can be no data folder: /)
    await expect(restore(at('a.tar'), '/proc/a/b')).rejects.toThrow('/proc/a/b: it cannot be restored: there is no such')
  })

  it('does not lie in the data folder that it is of', async () => {
    const before = readFileSync(path.join(home, 'normlab.db'))
    for (const name of ['normlab.db', 'checkpoints/1/all.tar'])
      await expect(backUp(home, path.join(home, name), { program })).rejects.toThrow('cannot lie in the data folder')
    symlinkSync(home, at('link'))
    await expect(backUp(home, at('link', 'all.tar'), { program })).rejects.toThrow('cannot lie in the data folder')
    expect(readFileSync(path.join(home, 'normlab.db'))).toEqual(before)
    mkdirSync(at('large/inner'), { recursive: true })
    symlinkSync(at('large'), path.join(home, 'datasets/linked'))
    await expect(backUp(home, at('large/inner/all.tar'), { program })).rejects.toThrow('nor where a link of that leads')
    // Left out of this one, it is part of the next.
    const withoutDatasets = { program, withoutDatasets: true }
    const twoLinksOn = at('larger')
    mkdirSync(twoLinksOn)
    symlinkSync(twoLinksOn, at('large/more'))
    symlinkSync(home, at('large/back'))
    for (const place of [path.join(home, 'datasets'), at('large'), at('large/inner'), twoLinksOn])
      await expect(backUp(home, path.join(place, 'all.tar'), withoutDatasets)).rejects.toThrow('nor where a link of that leads')
    rmSync(path.join(home, 'datasets'), { recursive: true })
    symlinkSync(at('large'), path.join(home, 'datasets'))
    await expect(backUp(home, at('large/inner/all.tar'), withoutDatasets)).rejects.toThrow('nor where a link of that leads')
    expect(readdirSync(at('large/inner'))).toEqual([])
  })

  it('leaves nothing where it cannot be written', async () => {
    await expect(backUp(home, at('nowhere/a.tar'), { program })).rejects.toThrow(/nowhere\/a\.tar: .*there is no such folder/)
    expect(readdirSync(folder)).toEqual(['home'])
  })

  it('that is cut short or changed anywhere is refused in one sentence, and leaves nothing', async () => {
    await backUp(home, at('a.tar'), { program })
    const whole = readFileSync(at('a.tar'))
    for (const [cut, flip] of [
      [100, -1],
      [whole.length / 2, -1],
      [whole.length - 1500, -1],
      [Infinity, 2000],
      [Infinity, whole.length / 2],
      [Infinity, whole.length - 2000],
    ] as const) {
      // prettier-ignore
      const bytes = Buffer.from(whole.subarray(0, cut))
      if (flip >= 0) bytes[Math.floor(flip)]! ^= 0x41
      writeFileSync(at('b.tar'), bytes)
      await expect(restore(at('b.tar'), at('elsewhere'))).rejects.toThrow(
        /^.*b\.tar: (this is no whole backup|the run store)[^\n]*$/,
      )
      expect(readdirSync(folder).sort()).toEqual(['a.tar', 'b.tar', 'home'])
    }
  })

  it.each([
    ['../evil', {}],
    ['/etc/evil', {}],
    ['datasets/../../evil', {}],
    ['datasets/a\n/evil', {}],
    ['serve.json', {}],
    ['datasets', {}],
    ['datasets/link', { type: 'symlink' as const, linkname: '/etc/passwd' }],
    ['datasets/dir', { type: 'directory' as const }],
  ])('with “%s” in it is refused', async (name, more) => {
    const file = await tape([
      [head, said],
      [{ name, ...more }, ''],
    ])
    await expect(restore(file, at('elsewhere'))).rejects.toThrow('has no place in it')
    expect(readdirSync(folder).sort()).toEqual(['home', 'made.tar'])
  })

  it.each([
    ['another kind of tar', [[{ name: 'x' }, '']], 'does not begin as one'],
    ['one of a newer version', [[head, said.replace('"version":1', '"version":2')]], 'of a newer version'],
    ['one with a newer store', [[head, said.replace('"store":1', '"store":99')]], 'its store has version 99'],
    ['one without its list', [[head, said]], 'ends too early'],
    [
      'one whose list is wrong',
      [
        [head, said],
        [{ name: 'hashes.json' }, '{"weights/a":"x"}'],
      ],
      'cannot be read',
    ],
    [
      'one that lacks a file',
      [
        [head, said],
        [{ name: 'hashes.json' }, `{"weights/a":"${'0'.repeat(64)}"}`],
      ],
      'damaged or missing',
    ],
    [
      'one without a store',
      [
        [head, said],
        [{ name: 'hashes.json' }, '{}'],
      ],
      'there is no run store in it',
    ],
  ] as [string, [Entry, string][], string][])('tells %s', async (_, entries, sentence) => {
    await expect(restore(await tape(entries), at('elsewhere'))).rejects.toThrow(sentence)
  })

  it('knows its names', () => {
    for (const name of ['normlab.db', 'weights/1-a.safetensors', 'datasets/größe/x.json']) expect(isBackupName(name)).toBe(true)
    for (const name of ['', 'normlab.db/x', 'weights', 'weights/', 'weights//a', 'weights/.', 'weights/\u0000', 'toString/x'])
      expect(isBackupName(name)).toBe(false)
    for (const name of ['weights/a:b', 'datasets/a\\..\\evil'])
      expect([isBackupName(name, 'linux'), isBackupName(name, 'win32')]).toEqual([true, false])
  })
})
