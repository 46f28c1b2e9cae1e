import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../shared/random'
import { writePictures } from '../integration/datasets/pictures'
import { engineOf, eventually, jsonLines, normlab, start, temporaryHome } from '../integration/lab-support'

/**
 * Kills the app or its engine somewhere in an import, as often as NORMLAB_FAULTS says: no half of a set is ever seen, and importing the
 * same again comes to the same set and leaves nothing beside it. NORMLAB_FAULTS_SEED repeats a series.
 */
const COUNT = Number(process.env['NORMLAB_FAULTS'] ?? 6)
const SEED = Number(process.env['NORMLAB_FAULTS_SEED'] ?? Date.now() % 1_000_000)

const sources = temporaryHome()
const source = path.join(sources.home, 'pictures')
const words = ['datasets', 'import', source, '--name', 'mine', '--json']

async function names(home: string): Promise<unknown[]> {
  const { status, stdout } = await normlab(['datasets', 'list', '--json'], home)
  expect(status).toBe(0)
  return jsonLines(stdout).map(({ name }) => name)
}

describe(`an import that is killed (NORMLAB_FAULTS_SEED=${SEED})`, () => {
  let hash: unknown
  let unbrokenMs = 0
  beforeAll(async () => {
    mkdirSync(source)
    writePictures(source, 4, 3000)
    const { home, remove } = temporaryHome()
    const began = performance.now()
    const { status, stdout } = await normlab(words, home)
    unbrokenMs = performance.now() - began
    expect(status).toBe(0)
    hash = jsonLines(stdout)[0]!['hash']
    remove()
  })
  afterAll(() => sources.remove())

  const random = new Random(SEED)
  const trials = Array.from({ length: COUNT }, (_, i) => ({
    trial: i + 1,
    victim: i % 2 === 0 ? 'app' : 'engine',
    share: random.integer(1000) / 1000,
  }))

  it.each(trials)('$trial: its $victim, after $share of the time', async ({ victim, share }) => {
    const { home, remove } = temporaryHome()
    const folder = path.join(home, 'datasets')
    try {
      const { child, finished } = start(words, home)
      await eventually(() => {
        try {
          return child.exitCode !== null || readdirSync(folder).length > 0
        } catch {
          return false
        }
      })
      await new Promise((resolve) => setTimeout(resolve, share * unbrokenMs))
      const target = victim === 'app' ? child.pid! : engineOf(child.pid!)
      if (!Number.isNaN(target) && child.exitCode === null) process.kill(target, 'SIGKILL')
      const { status, stderr } = await finished
      if (victim === 'engine' && status !== 0) {
        expect(status).toBe(1)
        expect(stderr).toMatch(/^normlab: the engine process was killed \(SIGKILL\); [^\n]+\n$/m)
      }
      const isDone = (await names(home)).includes('mine')
      // It may have been over already.
      if (!isDone) {
        const again = await normlab(words, home)
        expect({ status: again.status, hash: jsonLines(again.stdout)[0]?.['hash'] }).toEqual({ status: 0, hash })
      }
      expect(await normlab(['datasets', 'verify', 'mine'], home)).toMatchObject({ status: 0 })
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
    } finally {
      remove()
    }
  })
})
