import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pythonPackages } from '../../../build/prepare/python-packages'
import { temporaryHome } from '../lab-support'

/**
 * One small source of every kind, spoilt in one file: whatever is in it, the import ends in time and within its memory, with a set that
 * can be read or with one sentence. A few of each here, as many as NORMLAB_FAULTS_SOURCES says where NORMLAB_FAULTS is set, 10,000 if it does not.
 */
const COUNT = process.env['NORMLAB_FAULTS'] === undefined ? 300 : Number(process.env['NORMLAB_FAULTS_SOURCES'] ?? 10_000)
const FIRST = Number(process.env['NORMLAB_FAULTS_SEED'] ?? 1)
const MOST_MS = 5000
const MOST_BYTES = 900e6

const { home, remove } = temporaryHome()
const at = (name: string): string => path.join(home, name)

interface Said {
  readonly what: string | null
  readonly told: string
  readonly ms: number
  readonly bytes: number
}

let child: ChildProcess | undefined
let answer: ((said: Said | undefined) => void) | undefined

function start(): ChildProcess {
  const started = spawn(process.execPath, [at('worker.cjs'), at('seeds'), home], { stdio: ['pipe', 'pipe', 'ignore'] })
  createInterface({ input: started.stdout }).on('line', (line) => answer?.(JSON.parse(line) as Said))
  started.stdin.on('error', () => undefined)
  started.on('exit', () => {
    if (child === started) child = undefined
    answer?.(undefined)
  })
  return started
}

/** @returns undefined where the process died of it, or had to be ended. */
function ask(seed: number): Promise<Said | undefined> {
  const asked = (child ??= start())
  return new Promise((resolve) => {
    const timer = setTimeout(() => asked.kill('SIGKILL'), 12 * MOST_MS)
    answer = (said) => {
      clearTimeout(timer)
      resolve(said)
    }
    asked.stdin!.write(`${seed}\n`)
  })
}

beforeAll(async () => {
  const env = { ...process.env, PYTHONPATH: await pythonPackages(), PYTHONUTF8: '1' }
  execFileSync('python3', [path.join(__dirname, 'write_seeds.py'), at('seeds')], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  await build({
    entryPoints: [path.join(__dirname, 'hostile/worker.ts')],
    ...{ outfile: at('worker.cjs'), bundle: true, platform: 'node', target: 'node16', external: ['libsql'], logLevel: 'error' },
  })
})
afterAll(() => {
  child?.kill('SIGKILL')
  remove()
})

describe('a spoilt source', () => {
  it(`of ${COUNT} is taken or refused in one sentence, in time and memory`, { timeout: 3_600_000 }, async () => {
    const faults: string[] = []
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const said = await ask(seed)
      if (!said) faults.push(`seed ${seed}: the process died, or hung`)
      else if (said.what !== null) faults.push(`${said.told}: ${said.what}`)
      else if (said.ms > MOST_MS) faults.push(`${said.told}: it took ${Math.round(said.ms)} ms`)
      else if (said.bytes > MOST_BYTES) faults.push(`${said.told}: it took ${Math.round(said.bytes / 1e6)} MB`)
    }
    expect(faults).toEqual([])
  })
})
