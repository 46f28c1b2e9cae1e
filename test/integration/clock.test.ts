import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Store } from '../../main/store/store'
import { cliPath, jsonLines, TINY, temporaryHome } from './lab-support'

let home: string
let remove: () => void
let offset: string
let environment: NodeJS.ProcessEnv
beforeEach(() => {
  ;({ home, remove } = temporaryHome())
  offset = path.join(home, 'offset')
  const clock = path.join(home, 'clock.cjs')
  // All processes and threads of the program have a clock that goes by this file.
  writeFileSync(
    clock,
    `const { readFileSync } = require('node:fs')
     const right = Date.now
     const shift = () => { try { return Number(readFileSync(${JSON.stringify(offset)}, 'utf8')) } catch { return 0 } }
     Date.now = () => right() + shift()
     globalThis.Date = class extends Date { constructor(...words) { if (words.length === 0) super(Date.now()); else super(...words) } }
     globalThis.Date.now = () => right() + shift()`,
  )
  environment = { ...process.env, NORMLAB_HOME: home, NODE_OPTIONS: `--require ${clock}` }
})
afterEach(() => remove())

function normlab(
  words: readonly string[],
  hear: (line: string) => void = () => undefined,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliPath, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString()
      hear(stdout)
    })
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

const DAY_MS = 86_400_000

it('a clock that jumps, forwards and backwards, costs a run nothing, and ends nothing that was deleted', async () => {
  await normlab(['train', ...TINY, '--epochs', '1'])
  // Known from now on, so that the basket goes by the clock.
  await normlab(['runs', 'list'])
  await normlab(['runs', 'delete', '1'])
  const jumps: [string, number][] = [
    ['"step":5,', 4000 * DAY_MS],
    ['"step":40,', -9000 * DAY_MS],
    ['"step":70,', 3_600_000],
  ]
  const { status, stdout, stderr } = await normlab(['train', ...TINY, '--epochs', '25', '--json'], (said) => {
    while (jumps[0] && said.includes(jumps[0][0])) writeFileSync(offset, String(jumps.shift()![1]))
  })
  expect({ status, jumps, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, jumps: [], stderr: '' })
  const lines = jsonLines(stdout) as { step?: number; summary?: { state: string } }[]
  expect(lines.flatMap(({ step }) => step ?? [])).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  expect(lines.at(-1)!.summary!.state).toBe('done')
  const store = new Store(home)
  try {
    const steps = [...store.steps.each(2)]
    expect(steps).toHaveLength(100)
    expect(steps.filter(({ ms }) => !(ms >= 0 && ms < 60_000))).toEqual([])
    expect(store.epochs.all(2).filter(({ seconds }) => !(seconds >= 0 && seconds < 60))).toEqual([])
    expect(store.runs.get(2).notices).toEqual([])
  } finally {
    store.close()
  }
  // Years later by the clock, twice.
  writeFileSync(offset, String(4000 * DAY_MS))
  for (let i = 0; i < 2; i++) expect((await normlab(['runs', 'list', '--json'])).status).toBe(0)
  expect((await normlab(['runs', 'restore', '1'])).stderr).toBe('')
  expect(readFileSync(offset, 'utf8')).not.toBe('')
})
