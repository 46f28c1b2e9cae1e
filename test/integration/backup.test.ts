import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { Store } from '../../main/store/store'
import { openLab, start, temporaryHome } from './lab-support'

/** Large enough that work on it is met half-way; it takes no room itself. */
const LARGE = 600e6

let folder: string
let home: string
let file: string
let remove: () => void
beforeEach(() => {
  ;({ home: folder, remove } = temporaryHome())
  home = path.join(folder, 'home')
  file = path.join(folder, 'all.tar')
  mkdirSync(path.join(home, 'weights'), { recursive: true })
  new Store(home).close()
  writeFileSync(path.join(home, 'weights/large.safetensors'), '')
  truncateSync(path.join(home, 'weights/large.safetensors'), LARGE)
})
afterEach(() => remove())

/** What is in a data folder; SQLite may leave its log beside a store. */
const kept = (place: string): string[] =>
  readdirSync(place)
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort()
const left = (): string[] => readdirSync(folder).sort()

async function inLab<T>(use: (lab: OpenLab) => Promise<T>): Promise<T> {
  const lab = openLab(home)
  try {
    return await use(lab)
  } finally {
    await lab.close()
  }
}

describe('a backup as a job', () => {
  it('tells how far it is and leaves nothing where it is called off half-way, and a restoration likewise', () =>
    inLab(async (lab) => {
      const half = async (
        begin: (tell: (progress: { done: number; total: number }) => void) => { result: Promise<unknown>; cancel(): void },
      ) => {
        const seen: number[] = []
        const job = begin(({ done, total }) => {
          if (total < LARGE || done < 20e6) return
          seen.push(done / total)
          job.cancel()
        })
        await expect(job.result).rejects.toThrow('it was called off')
        expect(seen[0]).toBeLessThan(1)
      }
      await half((tell) => lab.start('keeping.backup', { file }, tell))
      await vi.waitFor(() => expect(left()).toEqual(['home']), 5000)
      const { path: written, files } = await lab.start('keeping.backup', { file }).result
      expect([written, files]).toEqual([file, 2])
      await half((tell) => lab.start('keeping.restore', { file, home: path.join(folder, 'new') }, tell))
      await vi.waitFor(() => expect(left()).toEqual(['all.tar', 'home']), 5000)
    }))

  it('that is killed with its program leaves the data folder as it was, no half a file, and nothing else', async () => {
    const backup = start(['backup', file], home)
    await vi.waitFor(
      () => {
        const aside = left().find((name) => name.startsWith('.normlab-'))
        expect(aside && existsSync(path.join(folder, aside, 'backup.tar'))).toBe(true)
      },
      { timeout: 20_000, interval: 5 },
    )
    backup.child.kill('SIGKILL')
    await vi.waitFor(() => expect(left()).toEqual(['home']), 5000)
    const again = start(['backup', file, '--json'], home)
    const { status, stdout } = await again.finished
    expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ path: file, files: 2, runs: 0 })])
  })

  it('and a move that is called off, or killed with its program, loses nothing: the old folder goes on, and the next try ends it', async () => {
    const target = path.join(folder, 'moved')
    await inLab(async (lab) => {
      const job = lab.start('keeping.move', { home: target }, () => job.cancel())
      await expect(job.result).rejects.toThrow('it was called off')
      await vi.waitFor(() => expect(left()).toEqual(['home']), 5000)
    })
    const killed = start(['move', target], home)
    await vi.waitFor(() => expect(existsSync(path.join(target, 'moving.json'))).toBe(true), { timeout: 20_000, interval: 5 })
    killed.child.kill('SIGKILL')
    await killed.finished
    expect(existsSync(path.join(target, 'normlab.db'))).toBe(false)
    const { status, stdout } = await start(['move', target, '--json'], home).finished
    expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ home: target, runs: 0, isUsed: false })])
    expect(kept(target)).toEqual(['normlab.db', 'reserve', 'weights'])
    expect(readdirSync(home)).toContain('normlab.db')
  })

  it('of a command line is restored to a folder by name, also where an engine’s log was begun there', async () => {
    truncateSync(path.join(home, 'weights/large.safetensors'), 1000)
    expect((await start(['backup', file], home).finished).stdout).toMatch(/^0 runs in 2 files, .* are in .*all\.tar\.\n$/)
    const elsewhere = path.join(folder, 'a folder', 'elsewhere')
    const restored = await start(['restore', file], elsewhere).finished
    expect([restored.status, restored.stderr]).toEqual([0, ''])
    expect(kept(elsewhere)).toEqual(['normlab.db', 'reserve', 'weights'])
    const refused = await start(['restore', file], elsewhere).finished
    expect(refused.stderr).toMatch(/elsewhere: there is a data folder already; choose another with --home/)
    writeFileSync(file, 'no backup')
    const spoilt = path.join(folder, 'spoilt')
    expect((await start(['restore', file], spoilt).finished).stderr).toMatch(/all\.tar: this is no whole backup of NormLab/)
    expect(existsSync(spoilt)).toBe(false)
  })
})
