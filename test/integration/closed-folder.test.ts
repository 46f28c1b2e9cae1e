import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Checkpoints, checkpointFile } from '../../main/store/checkpoints'
import { Store } from '../../main/store/store'
import { jsonLines, mayMount, NET, normlab, temporaryHome } from './lab-support'

const small = mayMount()
const store = (version: number): Buffer =>
  gunzipSync(readFileSync(path.join(__dirname, `../unit/store/released/${version}.db.gz`)))

let folder: ReturnType<typeof temporaryHome>
beforeEach(() => (folder = temporaryHome()))
afterEach(() => {
  try {
    execFileSync('umount', ['-l', folder.home], { stdio: 'ignore' })
  } catch {
    // It was not mounted.
  }
  folder.remove()
})
const mounted = (...words: string[]): void => void execFileSync('mount', [...words, folder.home])

describe.skipIf(!small)('a data folder that cannot be written', () => {
  it.each([1, 4])('shows the runs of a store of version %i, and says why nothing is changed', async (version) => {
    mounted('-t', 'tmpfs', '-o', 'size=4m', 'none')
    writeFileSync(path.join(folder.home, 'normlab.db'), store(version))
    mounted('-o', 'remount,ro')
    const list = await normlab(['runs', 'list', '--json'], folder.home)
    expect(list.stdout.split('\n').filter(Boolean)).toHaveLength(2)
    const out = temporaryHome()
    for (const words of [
      ['show', '1'],
      ['export', '1', '--out', `${out.home}/a.csv`],
      ['export', '1', '--out', `${out.home}/a.normlab`],
    ])
      expect(await normlab(['runs', ...words], folder.home)).toMatchObject({ status: 0, stderr: '' })
    out.remove()
    expect((await normlab(['compare', '1', '2'], folder.home)).status).toBe(0)
    for (const words of [
      ['delete', '1'],
      ['rename', '1', 'other'],
      ['resume', '1', '--epochs', '9'],
    ])
      expect(await normlab(['runs', ...words], folder.home)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          /^normlab: .*: the data folder cannot be written, as the disk is read-only: its runs can be looked at.*\n$/,
        ),
      })
  })
})

describe('what needs no run store', () => {
  /** Commands that write to `out`, which lies elsewhere. */
  const commands = (out: string): string[][] => [
    ['weights', NET, '--out', `${out}/w.safetensors`],
    ['spectrum', `${out}/w.safetensors`, '--tensor', 'stem.conv.kernel', '--size', '8'],
    ['project', `${out}/w.safetensors`, '--tensor', 'stem.conv.kernel', '--size', '8', '--out', `${out}/p.safetensors`],
    ['whiten', `${out}/w.safetensors`, '--tensor', 'head.kernel', '--out', `${out}/h.safetensors`],
    ['measure', NET, '--batch', '4'],
    ['convert', 'resnet-8', '--to', 'projected', '--out', `${out}/n.json`],
    ['diff', 'resnet-8', `${out}/n.json`],
  ]

  it('is answered beside a store that is damaged, which the doctor tells of', async () => {
    writeFileSync(path.join(folder.home, 'normlab.db'), 'no database at all, '.repeat(500))
    const out = temporaryHome()
    for (const words of commands(out.home))
      expect(await normlab([...words, '--json'], folder.home)).toMatchObject({ status: 0, stderr: '' })
    out.remove()
    const { status, stdout } = await normlab(['doctor', '--json'], folder.home)
    const store = jsonLines(stdout).find(({ name }) => name === 'Run store')
    expect({ status, ok: store?.ok }).toEqual({ status: 1, ok: false })
    expect(store?.remedy).toMatch(/normlab store repair/)
    expect((await normlab(['runs', 'list'], folder.home)).status).toBe(2)
  })

  it.skipIf(!small)('is answered where nothing can be written beside it, the engine’s log neither', async () => {
    mounted('-t', 'tmpfs', '-o', 'size=1m', 'none')
    mounted('-o', 'remount,ro')
    const out = temporaryHome()
    for (const words of commands(out.home))
      expect(await normlab([...words, '--json'], folder.home)).toMatchObject({ status: 0, stderr: '' })
    out.remove()
  })
})

describe.skipIf(!small)('a full disk', () => {
  it('bars neither the list nor a deletion, which makes room', async () => {
    mounted('-t', 'tmpfs', '-o', 'size=3m', 'none')
    writeFileSync(path.join(folder.home, 'normlab.db'), store(4))
    await normlab(['runs', 'list'], folder.home)
    const filler = path.join(folder.home, 'filler')
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=4k 2>/dev/null || true`])
    expect((await normlab(['runs', 'list', '--json'], folder.home)).stdout.split('\n').filter(Boolean)).toHaveLength(2)
    expect(await normlab(['runs', 'rename', '1', 'other'], folder.home)).toMatchObject({
      stderr: expect.stringContaining('the disk is full'),
    })
    expect(await normlab(['runs', 'delete', '1', '--now'], folder.home)).toMatchObject({ status: 0, stderr: '' })
    expect(await normlab(['runs', 'delete', '2'], folder.home)).toMatchObject({ status: 0, stderr: '' })
    expect((await normlab(['runs', 'list', '--json'], folder.home)).stdout).toBe('')
  })
})

describe('a checkpoint that cannot be removed', () => {
  it.skipIf(!small)('is told of, keeps the run among the deleted, and goes the next time', async () => {
    writeFileSync(path.join(folder.home, 'normlab.db'), store(4))
    const own = new Checkpoints(folder.home).of(1).folder
    mkdirSync(own, { recursive: true })
    const file = checkpointFile(own, 1)
    mkdirSync(file)
    writeFileSync(path.join(file, 'busy'), '')
    execFileSync('mount', ['-t', 'tmpfs', 'none', file])
    const refused = await normlab(['runs', 'delete', '1', '--now'], folder.home)
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/step-00000001.safetensors cannot be removed: another program holds it/),
    })
    expect(refused.stderr.trim().split('\n')).toHaveLength(1)
    execFileSync('umount', [file])
    expect(await normlab(['runs', 'delete', '1', '--now'], folder.home)).toMatchObject({ status: 0 })
  })

  it('costs no other its removal', () => {
    const checkpoints = new Checkpoints(folder.home)
    const own = checkpoints.of(7).folder
    mkdirSync(own, { recursive: true })
    for (const step of [1, 2, 3, 4]) writeFileSync(checkpointFile(own, step), '')
    expect(checkpoints.prune(7, 2, 1, 4)).toEqual([])
    expect(checkpoints.of(7).files.map(({ step }) => step)).toEqual([4, 3, 1])
  })
})

describe('the store’s file', () => {
  it('can be read by its owner alone, also where it was there before', () => {
    const file = path.join(folder.home, 'normlab.db')
    writeFileSync(file, store(4), { mode: 0o644 })
    const opened = new Store(folder.home)
    for (const ending of ['', '-wal', '-shm']) expect(statSync(file + ending).mode & 0o777).toBe(0o600)
    opened.close()
  })
})
