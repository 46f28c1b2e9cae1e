import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inAsideFolder, isAsideName, sweepAsideFolders } from '../../../main/files/aside-folder'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-aside-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** No process has this id. */
const ENDED = 2_000_000_000
const HOUR_S = 3600

describe('a folder for what is not whole', () => {
  it('is gone with its work', async () => {
    const made = await inAsideFolder(path.join(folder, 'target'), async (aside) => {
      writeFileSync(path.join(aside, 'half'), '')
      return path.basename(aside)
    })
    expect(isAsideName(made)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('of a process that was killed is swept at rest: not while something deep in it is written, nor another machine’s', async () => {
    const own = await inAsideFolder(path.join(folder, 'target'), async (aside) => path.basename(aside))
    const ended = own.replace(`-${process.pid}-`, `-${ENDED}-`)
    const foreign = `.normlab-another.host-${ENDED}-01234567.tmp`
    const names = [ended, foreign, own]
    for (const name of names) {
      mkdirSync(path.join(folder, name, 'a/b'), { recursive: true })
      writeFileSync(path.join(folder, name, 'a/b/c'), '')
    }
    const now = Date.now()
    const old = now / 1000 - HOUR_S
    for (const name of names) for (const part of ['a/b', 'a', '']) utimesSync(path.join(folder, name, part), old, old)
    sweepAsideFolders(folder, now)
    expect(readdirSync(folder).sort()).toEqual([...names].sort())
    for (const name of names) utimesSync(path.join(folder, name, 'a/b/c'), old, old)
    sweepAsideFolders(folder, now)
    expect(names.map((name) => existsSync(path.join(folder, name)))).toEqual([false, true, true])
  })
})
