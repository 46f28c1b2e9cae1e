import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Store } from '../../main/store/store'
import { TINY, fill, mayMount, normlab, temporaryHome } from './lab-support'

const disk = temporaryHome()
const home = path.join(disk.home, 'home')
const DEAD = '0123456789abcdef'

// A training that died has left its row, its lock and its log; then the disk became full.
describe.skipIf(!mayMount())('a disk that is full after a training died', () => {
  beforeEach(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=9m', 'none', disk.home])
    await normlab(['train', ...TINY, '--epochs', '20', '--set', 'checkpoint.every=5', '--set', 'checkpoint.keep=5'], home)
    const store = new Store(home)
    store.runs.update(1, { state: 'running', owner: DEAD, ownerPid: 1 })
    store.close()
    writeFileSync(path.join(home, 'owners', `${DEAD}.lock`), '')
    for (let i = 0; ; i++) {
      const file = path.join(disk.home, `ballast-${i}`)
      try {
        writeFileSync(file, Buffer.alloc(256 * 1024))
      } catch {
        fill(file, 0)
        break
      }
    }
  })
  afterEach(() => {
    execFileSync('umount', ['-l', disk.home])
    rmSync(home, { recursive: true, force: true })
  })

  it.each([[['--now']], [[]]])('keeps nobody from looking at its runs, nor from deleting them %j', async (how) => {
    const list = await normlab(['runs', 'list', '--json'], home)
    expect([list.status, list.stderr]).toEqual([0, ''])
    expect(JSON.parse(list.stdout)).toMatchObject({ id: 1 })
    expect(readdirSync(path.join(home, 'owners'))).toEqual([`${DEAD}.lock`])
    const { status, stderr } = await normlab(['runs', 'delete', '1', ...how], home)
    expect([status, stderr]).toEqual([0, ''])
    expect((await normlab(['runs', 'list', '--json'], home)).stdout).toBe('')
  })
})
