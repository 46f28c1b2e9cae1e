import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { mountMemory, runScript, temporaryFolder } from './prepare'

const MAKE = 'test/integration/prepare/make-entry.ts'
const visible = (folder: string) => readdirSync(folder).filter((name) => !name.startsWith('.'))

it('is filled by one process at a time, and the others take what it made', async () => {
  const [cache, log] = [temporaryFolder(), path.join(temporaryFolder(), 'log')]
  const said = await Promise.all(Array.from({ length: 4 }, () => runScript(MAKE, [log, '50'], { NORMLAB_CACHE: cache })))
  expect(said.map(({ status, stdout }) => [status, stdout])).toEqual(Array(4).fill([0, path.join(cache, 'entry')]))
  expect(readFileSync(log, 'utf8')).toBe('began\n')
})

it('shows nothing of what a killed process had begun, and the next one clears it away', async () => {
  const [cache, log] = [temporaryFolder(), path.join(temporaryFolder(), 'log')]
  const killed = await runScript(MAKE, [log, '3', 'die'], { NORMLAB_CACHE: cache })
  expect(killed.status).not.toBe(0)
  expect(visible(cache)).toEqual([])
  // The lock of a dead process is taken over when it has not been touched for a while; we do not wait for that here.
  utimesSync(path.join(cache, '.entry.lock'), 0, 0)
  const next = await runScript(MAKE, [log, '1'], { NORMLAB_CACHE: cache })
  expect(next.status).toBe(0)
  expect(readdirSync(cache)).toEqual(['entry'])
})

it('keeps nothing, and says so in a sentence, where the disk fills up half-way', async ({ skip }) => {
  const disk = mountMemory('size=20m')
  if (!disk) return skip('only root may mount')
  const said = await runScript(MAKE, [path.join(temporaryFolder(), 'log'), '40'], { NORMLAB_CACHE: disk })
  expect(said.stderr).toMatch(/the disk filled up while entry was made; free some space, or set NORMLAB_CACHE/)
  expect(said.status).toBe(1)
  expect(existsSync(path.join(disk, 'entry'))).toBe(false)
  expect(readdirSync(disk)).toEqual([])
})
