import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { cliPath, ended, engineOf, isRunning, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(async () => {
  lab = openLab(home)
  const { id } = await lab.request('runs.start', tiny({ epochs: 2 }))
  await until(lab, id, ended)
})
afterAll(async () => {
  await lab.close()
  remove()
})

const RATIOS = 'SELECT step, unit, name, ratio FROM ratios WHERE run = 1 ORDER BY step, unit'

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'

/** The process that answers has what a machine that others use too leaves it. */
const PATIENT = ['--seconds', '3600']

describe('normlab query', () => {
  it('gives the ratios of a run as they were measured, while another run trains', async () => {
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    await until(lab, id, ({ progress }) => progress.step > 2)
    const steps = await lab.request('runs.steps', { run: 1, from: 1, to: 8 })
    const { stdout } = await normlab(['query', RATIOS, ...PATIENT, '--json'], home)
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: number; unit: number; name: string; ratio: number })
    expect(rows).toHaveLength(16)
    for (const { step, unit, ratio } of rows) {
      const { norms } = steps[step - 1]!
      expect(ratio).toBe(norms[unit - 1]! / norms[unit]!)
    }
    expect(rows[1]).toMatchObject({ step: 1, unit: 2, name: 'stage2.block1' })
    await lab.request('runs.stop', { run: id })
    await until(lab, id, ended)
  })

  it('prints a table and CSV, and writes Parquet that says the same', async () => {
    const { stdout: csv } = await normlab(['query', RATIOS, ...PATIENT, '--csv'], home)
    const [header, ...lines] = csv.trim().split('\n')
    expect(header).toBe('step,unit,name,ratio')
    const file = path.join(home, 'ratios.parquet')
    expect((await normlab(['query', RATIOS, ...PATIENT, '--parquet', file], home)).stdout).toBe(`16 rows are in ${file}.\n`)
    const bytes = readFileSync(file)
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    })
    expect(rows.map(({ step, unit, name, ratio }) => `${step},${unit},${name},${ratio}`)).toEqual(lines)
    expect((await normlab(['query', 'SELECT id, state FROM runs', ...PATIENT], home)).stdout).toMatch(/^id +state\n1 +done\n/)
    const alike = await normlab(['query', 'SELECT 1 AS a, 2 AS a, 3 AS a_2', ...PATIENT, '--json'], home)
    expect(JSON.parse(alike.stdout)).toEqual({ a: 1, a_3: 2, a_2: 3 })
    const few = await normlab(['query', RATIOS, ...PATIENT, '--csv', '--rows', '3'], home)
    expect(few.stdout.trim().split('\n')).toHaveLength(4)
    expect(few.stderr).toContain('There are more than these 3 rows')
  })

  it('is called off by Ctrl-C, which ends its process too', async () => {
    const child = spawn(process.execPath, [cliPath, 'query', endless, '--seconds', '3600', '--home', home])
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    await expect.poll(() => engineOf(child.pid!)).toBeGreaterThan(0)
    const host = engineOf(child.pid!)
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1)
    expect(said).toContain('it was called off')
    await expect.poll(() => isRunning(host)).toBe(false)
  })

  it('ends a question that takes too long, refuses one that would write, and lists its tables', async () => {
    const late = await normlab(['query', endless, '--seconds', '0.5'], home)
    expect(late).toMatchObject({ status: 2, stdout: '' })
    expect(late.stderr).toContain('there was no answer within 0.5 s')
    const write = await normlab(['query', 'DELETE FROM main.runs'], home)
    expect(write).toMatchObject({ status: 2, stdout: '' })
    expect((await normlab(['query'], home)).stderr).toContain('there is no question')
    expect((await normlab(['query', '--tables'], home)).stdout).toMatch(/^runs: A row a run[\s\S]*\nratios: [\s\S]* {2}ratio /)
  })
})
