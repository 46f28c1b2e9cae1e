import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { HostListener } from '../../../main/engine/hosts/host'
import { EngineSupervisor } from '../../../main/engine/supervisor'
import { partsOf } from '../../../main/lab/job-parts'
import { lookThrough } from '../../../main/lab/self-test-parts'

it('looks a store through in its own process only where no other starts, and starts none once all is closed', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-parts-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  let life = (_: HostListener): void => undefined
  let started = 0
  const supervisor = new EngineSupervisor({
    ...{ hostPath: '', home, logFile: '' },
    startHost: (_, listener) => {
      started++
      setImmediate(() => life(listener))
      return { hasLog: false, pid: undefined, send: () => undefined, end: () => Promise.resolve() }
    },
  })
  const [part] = partsOf('test', [1], { signal: new AbortController().signal, tell: () => undefined })
  const problems = async (): Promise<readonly string[]> => (await lookThrough(home, supervisor, part!)).problems
  life = ({ onDeath }) => onDeath('it cannot be started')
  expect(await problems()).toEqual([])
  life = ({ onEvent, onDeath }) => {
    onEvent({ type: 'ready' })
    onDeath('it was killed')
  }
  expect(await problems()).toEqual(['it could not be looked through: it was killed'])
  expect(started).toBe(2)
  await supervisor.close()
  expect(await problems()).toEqual(['it could not be looked through: NormLab was closed'])
  await expect(supervisor.ask('describe', {})).rejects.toThrow('NormLab was closed')
  expect(started).toBe(2)
})
