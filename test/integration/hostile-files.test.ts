import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Store } from '../../main/store/store'
import { annotate, saveComparison } from '../../main/store/notes'
import { Random } from '../../shared/random'
import { spoil } from './hostile/mutations'
import type { Said } from './hostile/worker'
import { temporaryHome } from './lab-support'

/**
 * Bundles and stores that were made to do harm, or came to it: whatever is in them, each command ends in time and within its memory, with its
 * answer or with one sentence, and what else there is stays whole. A few of each here, 300 and 500 where NORMLAB_FAULTS is set.
 */
const whole = process.env.NORMLAB_FAULTS !== undefined
const [BUNDLES, STORES] = whole ? [300, 500] : [40, 40]
const MOST_MS = 5000
const MOST_BYTES = 500e6

const folder = temporaryHome()
const at = (...names: string[]): string => path.join(folder.home, ...names)
const good = at('good')

beforeAll(async () => {
  const libsql = require.resolve('libsql')
  await build({
    entryPoints: [path.join(__dirname, 'hostile/worker.ts')],
    ...{ outfile: at('worker.cjs'), bundle: true, platform: 'node', alias: { libsql }, external: [libsql], logLevel: 'error' },
  })
  mkdirSync(good)
  writeFileSync(path.join(good, 'normlab.db'), gunzipSync(readFileSync(path.join(__dirname, '../unit/store/released/4.db.gz'))))
  const store = new Store(good)
  annotate(store, { run: 1, step: 2, text: 'a word' })
  saveComparison(store, { name: 'both', layout: { runs: [1, 2] } as never })
  store.close()
  rmSync(path.join(good, 'reserve'), { force: true })
})
afterAll(() => folder.remove())

/** The command line in a process that may die. */
class Worker {
  private child: ChildProcess | undefined
  private answer: ((said: Said | undefined) => void) | undefined

  /** @returns undefined where the process died of it, or had to be ended. */
  ask(words: readonly string[]): Promise<Said | undefined> {
    const child = (this.child ??= this.start())
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 12 * MOST_MS)
      this.answer = (said) => {
        clearTimeout(timer)
        resolve(said)
      }
      child.stdin!.write(JSON.stringify(words) + '\n')
    })
  }

  end(): void {
    this.child?.kill('SIGKILL')
  }

  private start(): ChildProcess {
    const child = spawn(process.execPath, [at('worker.cjs')], { stdio: ['pipe', 'pipe', 'ignore'] })
    createInterface({ input: child.stdout }).on('line', (line) => this.answer?.(JSON.parse(line) as Said))
    child.on('exit', () => {
      if (this.child === child) this.child = undefined
      this.answer?.(undefined)
    })
    child.stdin.on('error', () => undefined)
    return child
  }
}

/** What is wrong with how a command ended; undefined where nothing is. */
function fault(said: Said | undefined): string | undefined {
  if (!said) return 'the process died, or hung'
  if (said.ms > MOST_MS) return `it took ${Math.round(said.ms)} ms of processor time`
  if (said.peak > MOST_BYTES) return `it took ${Math.round(said.peak / 1e6)} MB`
  if (said.status === 0) return said.stderr === '' ? undefined : `it said ${said.stderr}`
  // What a check finds is its answer.
  if (said.status === 2 && said.stderr === '' && said.stdout !== '') return undefined
  if (said.status !== 2 || !/^normlab: [^\n]+\n$/.test(said.stderr) || /\bat .*:\d+:\d+|SQLITE_|undefined/.test(said.stderr))
    return `status ${said.status}: ${said.stderr.slice(0, 500)}`
  return undefined
}

describe('a hostile bundle', () => {
  it(`of ${BUNDLES} is taken or refused, and harms nothing`, { timeout: 1_800_000 }, async () => {
    const worker = new Worker()
    const faults: string[] = []
    let taken = 0
    const bundle = at('good.normlab')
    expect(await worker.ask(['runs', 'export', '1', '--out', bundle, '--home', good])).toMatchObject({ status: 0, stderr: '' })
    const list = await worker.ask(['runs', 'list', '--json', '--home', good])
    for (let seed = 1; seed <= BUNDLES; seed++) {
      const [file, home] = [at('spoilt.normlab'), at('home')]
      copyFileSync(bundle, file)
      rmSync(home, { recursive: true, force: true })
      cpSync(good, home, { recursive: true })
      const told = spoil(file, new Random(seed))
      const tell = (words: string, what: string | undefined): void => {
        if (what !== undefined) faults.push(`seed ${seed} (${told}), ${words}: ${what}`)
      }
      const imported = await worker.ask(['runs', 'import', file, '--home', home])
      tell('runs import', fault(imported))
      const listed = await worker.ask(['runs', 'list', '--json', '--home', home])
      tell('runs list', fault(listed))
      const lines = listed?.stdout.split('\n') ?? []
      const isTaken = imported?.status === 0
      if (lines.slice(isTaken ? 1 : 0).join('\n') !== list!.stdout) tell('runs list', 'the other runs are not what they were')
      if (!isTaken) continue
      taken++
      for (const words of [
        ['show', '3'],
        ['export', '3', '--out', at('out.json')],
        ['export', '3', '--out', at('out.normlab')],
      ])
        tell(words.join(' '), fault(await worker.ask(['runs', ...words, '--home', home])))
    }
    worker.end()
    expect(faults).toEqual([])
    expect(taken).toBeLessThan(BUNDLES / 2)
  })
})

describe('a damaged store', () => {
  it(`of ${STORES} tells what can be read, or says what to do`, { timeout: 1_800_000 }, async () => {
    const worker = new Worker()
    const faults: string[] = []
    for (let seed = 1; seed <= STORES; seed++) {
      const home = at('home')
      rmSync(home, { recursive: true, force: true })
      cpSync(good, home, { recursive: true })
      const told = spoil(path.join(home, 'normlab.db'), new Random(1000 + seed))
      const commands = [
        ...[
          ['runs', 'list'],
          ['runs', 'list', '--json'],
          ['runs', 'show', '1'],
          ['runs', 'export', '1', '--out', at('out.json')],
        ],
        ...[
          ['runs', 'export', '2', '--out', at('out.csv')],
          ['compare', '1', '2'],
          ['library', 'list'],
          ['experiment', 'list'],
        ],
        ...[
          ['runs', 'list', '--deleted'],
          ['store', 'check'],
          ['store', 'repair'],
          ['runs', 'list'],
        ],
      ]
      let repaired = false
      for (const words of commands) {
        const said = await worker.ask([...words, '--home', home])
        repaired ||= words[1] === 'repair'
        // What may be a newer NormLab's is left alone, by a repair too.
        const isLeft = said?.stderr.includes('this NormLab knows versions up to') ?? false
        const what = fault(said) ?? (repaired && said?.status !== 0 && !isLeft ? said?.stderr : undefined)
        if (what !== undefined) faults.push(`seed ${seed} (${told}), ${words.join(' ')}: ${what}`)
      }
    }
    worker.end()
    expect(existsSync(at('out.json'))).toBe(true)
    expect(faults).toEqual([])
  })
})
