import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Store } from '../../main/store/store'
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
      const steps = [...store.steps.each(1)]
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
    const stored = store.runs.all().map(({ id }) => [...store.steps.each(id)].map(({ step }) => step))
    store.close()
    expect(stored).toHaveLength(3)
    for (const steps of stored) expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))
    expect(stored.flat().length).toBeGreaterThanOrEqual(said.reduce((a, b) => a + b))
  })

  it('waits its turn where another process lets go of the lock for moments only', async () => {
    const home = path.join(folder.home, 'contended')
    const store = new Store(home)
    store.settings.set('turns', 0)
    const script = `const store = new (require(${JSON.stringify(require.resolve('libsql'))}))(process.argv[1], { timeout: 5000 })
      const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      for (let turn = 1; ; turn++) {
        store.exec('BEGIN IMMEDIATE; UPDATE settings SET value = ' + turn + " WHERE name = 'turns'")
        if (turn === 1) console.log('writing')
        wait(60)
        store.exec('COMMIT')
        wait(10)
      }`
    const other = spawn(process.execPath, ['-e', script, path.join(home, 'normlab.db')], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => other.stdout.once('data', resolve))
      for (let turn = 1; turn <= 20; turn++) store.settings.set('mine', turn)
      expect(store.settings.get('mine')).toBe(20)
    } finally {
      other.kill('SIGKILL')
      store.close()
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
