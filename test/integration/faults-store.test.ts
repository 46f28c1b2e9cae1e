import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Store } from '../../main/store/store'
import { Configuration } from '../../shared/configuration'
import { networkFromPreset } from '../../shared/architecture/resolve'
import { Random } from '../../shared/random'
import { temporaryHome } from './lab-support'

const folder = temporaryHome()
const writer = path.join(folder.home, 'writer.cjs')
beforeAll(async () => {
  const libsql = require.resolve('libsql')
  await build({
    entryPoints: [path.join(__dirname, 'faults-writer.ts')],
    outfile: writer,
    bundle: true,
    platform: 'node',
    alias: { libsql },
    external: [libsql],
    logLevel: 'error',
  })
})
afterAll(() => folder.remove())

describe('the run store', () => {
  it('keeps every committed step, whole and without a gap, whenever its writer is killed', async () => {
    const random = new Random(1)
    for (let attempt = 0; attempt < 12; attempt++) {
      const home = path.join(folder.home, `killed-${attempt}`)
      const said = await killedAfter(spawn(process.execPath, [writer, home]), 1 + random.integer(150), random.uniform() * 3)
      const store = new Store(home)
      const steps = [...store.eachStep(1)]
      store.close()
      expect(steps.length).toBeGreaterThanOrEqual(said)
      steps.forEach(({ step, loss, norms }, i) => {
        expect([step, loss, norms.length]).toEqual([i + 1, i + 1, 300])
        expect(norms.every((norm) => norm === step)).toBe(true)
      })
    }
  })

  it('goes on when several processes write at once', async () => {
    const home = path.join(folder.home, 'shared')
    new Store(home).close()
    const said = await Promise.all([1, 2, 3].map(() => killedAfter(spawn(process.execPath, [writer, home]), 60, 0)))
    const store = new Store(home)
    const stored = store.runs().map(({ id }) => [...store.eachStep(id)].map(({ step }) => step))
    store.close()
    expect(stored).toHaveLength(3)
    for (const steps of stored) expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))
    expect(stored.flat().length).toBeGreaterThanOrEqual(said.reduce((a, b) => a + b))
  })

  // A file system of one megabyte; only root may mount one.
  it.skipIf(!mayMount())('says that the disk is full, keeps what is stored, and goes on when there is space', () => {
    const home = path.join(folder.home, 'small-disk')
    mkdirSync(home)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', home])
    try {
      const store = new Store(home)
      const configuration = Configuration.parse({ network: networkFromPreset('plain:blocks=1') })
      const run = store.createRun({
        name: 'full',
        configuration,
        units: [],
        parameters: 1,
        versions: {},
        owner: null,
        ownerPid: null,
      })
      const step = (n: number, floats: number) => ({
        step: n,
        epoch: 1,
        loss: 1,
        accuracy: 0,
        rate: 0.1,
        ms: 1,
        norms: new Float32Array(floats),
      })
      store.append(run, [step(1, 10)], [])
      expect(() => store.append(run, [step(2, 500_000)], [])).toThrow(/normlab\.db: the disk (is full|reports an error)/)
      expect([...store.eachStep(run)]).toHaveLength(1)
      store.append(run, [step(2, 10)], [])
      expect([...store.eachStep(run)]).toHaveLength(2)
      store.close()
    } finally {
      execFileSync('umount', ['-l', home])
    }
  })
})

/** Kills the writer some milliseconds after it has said `lines` lines. @returns the last step that it said was stored. */
function killedAfter(child: ChildProcess, lines: number, delayMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    let errors = ''
    child.stderr!.on('data', (part: Buffer) => (errors += part.toString()))
    child.stdout!.on('data', (part: Buffer) => {
      text += part.toString()
      if (text.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), delayMs)
    })
    child.on('close', (_, signal) => {
      const said = text.split('\n').slice(0, -1)
      if (signal === 'SIGKILL') resolve(Number(said[said.length - 1] ?? 0))
      else reject(new Error(errors))
    })
  })
}

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const { home, remove } = temporaryHome()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', home], { stdio: 'ignore' })
    execFileSync('umount', [home], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    remove()
  }
}
