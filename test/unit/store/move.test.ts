import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { elsewhereFile, folderElsewhere, keepElsewhere } from '../../../main/store/elsewhere'
import { dataFolder, usualFolder } from '../../../main/store/home'
import { copyAhead, dropMove, finishMove, requireMovable } from '../../../main/store/move'
import { Ownership } from '../../../main/store/ownership'
import { Store } from '../../../main/store/store'

let folder: string
let home: string
let target: string
const at = (...names: string[]): string => path.join(folder, ...names)
const put = (name: string, text = name): void => {
  mkdirSync(path.dirname(path.join(home, name)), { recursive: true })
  writeFileSync(path.join(home, name), text)
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-move-'))
  home = at('home')
  target = at('a disk', 'new')
  for (const name of [
    'checkpoints/1/a',
    'weights/.half.tmp',
    'window/Cookies',
    'window/Local Storage/leveldb/1',
    'window/recent.json',
  ])
    put(name)
  put('engines/.making-1/lib')
  writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(__dirname, 'released/6.db.gz'))))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const filesIn = (place: string): string[] =>
  (readdirSync(place, { recursive: true }) as string[])
    .filter((name) => statSync(path.join(place, name)).isFile() && !/-(wal|shm)$/.test(name))
    .sort()
const silent = (): void => undefined

describe('a move of the data folder', () => {
  it('takes all along that a person would miss, what changed meanwhile too, and leaves the old folder as it is', async () => {
    const told: number[][] = []
    await copyAhead(home, target, (done, total) => told.push([done, total]))
    expect(told[0]![0]).toBe(0)
    expect(readdirSync(target)).not.toContain('normlab.db')
    put('checkpoints/1/b')
    rmSync(path.join(home, 'checkpoints/1/a'))
    // As long as before.
    put('window/recent.json', 'window/latest.json')
    utimesSync(path.join(home, 'window/recent.json'), 1e9, 1e9)
    const store = new Store(home)
    store.runs.update(1, { name: 'renamed meanwhile' })
    store.close()
    expect(finishMove(home, target)).toEqual({ runs: 2 })
    expect(filesIn(target)).toEqual(
      ['checkpoints/1/b', 'normlab.db', 'reserve', 'window/Local Storage/leveldb/1', 'window/recent.json'].sort(),
    )
    expect(readFileSync(path.join(target, 'window/recent.json'), 'utf8')).toBe('window/latest.json')
    const moved = new Store(target)
    expect(moved.runs.get(1).name).toBe('renamed meanwhile')
    moved.close()
    expect(filesIn(home)).toContain('window/Cookies')
  })

  it('that was broken off goes on to the same place, copies what is missing, and is no data folder until it is whole', async () => {
    await copyAhead(home, target, silent)
    rmSync(path.join(target, 'checkpoints'), { recursive: true })
    const { bytes } = await copyAhead(home, target, silent)
    expect(bytes).toBe('checkpoints/1/a'.length)
    expect(existsSync(path.join(target, 'moving.json'))).toBe(true)
    finishMove(home, target)
    expect(existsSync(path.join(target, 'moving.json'))).toBe(false)
    await expect(copyAhead(home, target, silent)).rejects.toThrow('there is a data folder already')
  })

  it('that is called off leaves the new place as it was, with what somebody else put there', async () => {
    await copyAhead(home, target, silent)
    dropMove(home, target, false)
    expect(existsSync(target)).toBe(false)
    await copyAhead(home, target, silent)
    writeFileSync(path.join(target, 'checkpoints/mine'), '')
    dropMove(home, target, false)
    expect(filesIn(target)).toEqual(['checkpoints/mine'])
    rmSync(target, { recursive: true })
    mkdirSync(target)
    writeFileSync(path.join(target, 'mine'), '')
    dropMove(home, target, true)
    expect(readdirSync(target)).toEqual(['mine'])
  })

  it('lets nobody work in the new place before it is whole, and does not go on over a store that is there', async () => {
    await copyAhead(home, target, silent)
    expect(() => new Store(target)).toThrow(/was begun to be moved here, and has not all arrived; end it with `normlab move`/)
    writeFileSync(path.join(target, 'normlab.db'), 'mine')
    for (const goOn of [() => requireMovable(home, target), () => finishMove(home, target)])
      expect(goOn).toThrow('there is a run store already')
    expect(readFileSync(path.join(target, 'normlab.db'), 'utf8')).toBe('mine')
  })

  it('goes by links: to the data folder, from it into another, and from it to another disk', async () => {
    mkdirSync(at('large/imported'), { recursive: true })
    writeFileSync(at('large/imported/set'), 'x')
    symlinkSync(at('large'), path.join(home, 'datasets'))
    symlinkSync(home, at('link'))
    for (const [from, to] of [
      [home, at('link/in')],
      [at('link'), path.join(home, 'in')],
    ] as const)
      await expect(copyAhead(from, to, silent)).rejects.toThrow('cannot be moved into itself')
    await copyAhead(at('link'), target, silent)
    expect(finishMove(home, target)).toEqual({ runs: 2 })
    expect(readFileSync(path.join(target, 'datasets/imported/set'), 'utf8')).toBe('x')
    rmSync(at('large'), { recursive: true })
    await expect(copyAhead(home, at('third'), silent)).rejects.toThrow(/datasets: this part of the data folder is a link to what/)
    expect(existsSync(at('third'))).toBe(false)
  })

  it('goes by links further down too, and refuses those that lead nowhere or back', async () => {
    mkdirSync(at('large'))
    writeFileSync(at('large/set'), 'x')
    writeFileSync(at('weights'), 'w')
    mkdirSync(path.join(home, 'datasets/own'), { recursive: true })
    symlinkSync(at('large'), path.join(home, 'datasets/one'))
    symlinkSync(at('weights'), path.join(home, 'datasets/own/file'))
    // Chromium's lock is a link to nothing, and its own.
    symlinkSync('host-1', path.join(home, 'window/SingletonLock'))
    await copyAhead(home, target, silent)
    expect(finishMove(home, target)).toEqual({ runs: 2 })
    expect(readFileSync(path.join(target, 'datasets/one/set'), 'utf8')).toBe('x')
    expect(readFileSync(path.join(target, 'datasets/own/file'), 'utf8')).toBe('w')

    symlinkSync(home, at('large/back'))
    await expect(copyAhead(home, at('third'), silent)).rejects.toThrow(/one\/back: this link in the data folder leads back/)
    rmSync(at('large/back'))
    rmSync(at('weights'))
    await expect(copyAhead(home, at('third'), silent)).rejects.toThrow(
      /own\/file: this part of the data folder is a link to what/,
    )
    expect(existsSync(at('third'))).toBe(false)
  })

  it('is refused into itself, to where something is, and while another NormLab is at work', async () => {
    for (const place of [home, path.join(home, 'in'), folder])
      await expect(copyAhead(home, place, silent)).rejects.toThrow('cannot be moved into itself')
    mkdirSync(target, { recursive: true })
    writeFileSync(path.join(target, 'mine'), '')
    await expect(copyAhead(home, target, silent)).rejects.toThrow('the folder is not empty; choose another')
    rmSync(path.join(target, 'mine'))
    await copyAhead(home, target, silent)
    const other = new Ownership(home)
    expect(() => finishMove(home, target)).toThrow('another NormLab is at work on this data folder; close it first')
    other.close()
    finishMove(home, target)
  })
})

describe('a data folder that was put elsewhere', () => {
  it('is used where none is named, is told of where it is gone, and the usual one needs no word', () => {
    const environment = { XDG_CONFIG_HOME: at('config'), XDG_DATA_HOME: at('data') }
    const file = elsewhereFile(environment, 'linux')
    const usual = usualFolder(environment, 'linux')
    expect(dataFolder(undefined, environment, 'linux')).toBe(usual)
    keepElsewhere(file, home, usual)
    expect(dataFolder(undefined, environment, 'linux')).toBe(home)
    expect(dataFolder('/named', environment, 'linux')).toBe('/named')
    expect(dataFolder(undefined, { ...environment, NORMLAB_HOME: '/named' }, 'linux')).toBe('/named')
    keepElsewhere(file, at('gone'), usual)
    expect(() => dataFolder(undefined, environment, 'linux')).toThrow(
      /gone: the data folder was put there, and is not there now; bring its disk back/,
    )
    // An empty folder where a disk was is no data folder either.
    rmSync(path.join(home, 'normlab.db'))
    keepElsewhere(file, at('new'), usual)
    mkdirSync(at('new'))
    expect(dataFolder(undefined, environment, 'linux')).toBe(at('new'))
    writeFileSync(at('new/normlab.db'), '')
    keepElsewhere(file, at('new'), usual)
    rmSync(at('new/normlab.db'))
    expect(() => dataFolder(undefined, environment, 'linux')).toThrow('is not there now')
    keepElsewhere(file, usual, usual)
    expect(folderElsewhere(file)).toBeUndefined()
    for (const text of ['', '{"folder":"relative"}', '{"folder":7}', '[]']) {
      writeFileSync(file, text)
      expect(() => folderElsewhere(file), text).toThrow(
        /data-folder\.json: where the data folder was put cannot be read; name the folder/,
      )
    }
  })
})
