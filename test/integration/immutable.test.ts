import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { TINY, normlab, temporaryHome } from './lab-support'

const setImmutable = (file: string, isSet: boolean): boolean => spawnSync('chattr', [isSet ? '+i' : '-i', file]).status === 0

/** Only root may make a file immutable, and not on every file system. */
function mayFreeze(): boolean {
  const { home, remove } = temporaryHome()
  const file = path.join(home, 'file')
  writeFileSync(file, '')
  const may = setImmutable(file, true)
  setImmutable(file, false)
  remove()
  return may
}

describe.skipIf(!mayFreeze())('a checkpoint that cannot be removed, where chattr may make it so', () => {
  it('is named, keeps its run among the deleted ones, and goes once it can', async () => {
    const { home, remove } = temporaryHome()
    const folder = path.join(home, 'checkpoints/1')
    let frozen: string | undefined
    try {
      expect((await normlab(['train', ...TINY, '--steps', '2'], home)).status).toBe(0)
      frozen = path.join(folder, readdirSync(folder)[0]!)
      setImmutable(frozen, true)
      expect((await normlab(['runs', 'delete', '1'], home)).status).toBe(0)
      const refused = await normlab(['runs', 'purge'], home)
      expect(refused).toMatchObject({ status: 2, stdout: '' })
      expect(refused.stderr).toMatch(new RegExp(`^normlab: ${frozen} cannot be removed: .*, and try again\n$`))
      expect((await normlab(['runs', 'list', '--deleted'], home)).stdout).toContain('plain:blocks=1')
      setImmutable(frozen, false)
      expect((await normlab(['runs', 'purge'], home)).status).toBe(0)
      expect((await normlab(['runs', 'list', '--deleted'], home)).stdout).not.toContain('plain:blocks=1')
      expect(existsSync(frozen)).toBe(false)
    } finally {
      if (frozen !== undefined) setImmutable(frozen, false)
      remove()
    }
  })
})
