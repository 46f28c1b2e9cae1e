import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCsv } from '../unit/support/python'
import { jsonLines, normlab, temporaryHome } from './lab-support'

type Step = { step: number; norms: number[]; ratios: number[] } & Record<string, number>
interface Listed {
  id: number
  last: Record<string, number | null>
  measures: Record<string, number | null>
  sets: Record<string, { count: number; holds: string[] }>
}

const DATA = ['--set', 'data.train=96', '--set', 'data.test=16', '--batch', '4', '--rate', '0.01', '--threads', '1']
const PROC = 'proc-resnet:blocks=2,planes=4/8/16'

let home: string
let remove: () => void
const steps: Step[][] = []
let listed: Listed[]
beforeAll(async () => {
  ;({ home, remove } = temporaryHome())
  for (const words of [
    [PROC, '--steps', '6'],
    [PROC, '--steps', '6', '--project', 'transitions'],
    ['plain:blocks=1,widths=4/8', '--steps', '24', '--set', 'measures.every=10'],
  ]) {
    const { status, stdout, stderr } = await normlab(['train', ...words, ...DATA, '--json'], home)
    expect(stderr.split('\n').filter((line) => line.startsWith('normlab:'))).toEqual([])
    expect(status).toBe(0)
    steps.push(jsonLines(stdout).filter((line) => 'ratios' in line) as unknown as Step[])
  }
  listed = (jsonLines((await normlab(['runs', 'list', '--json'], home)).stdout) as unknown as Listed[]).sort(
    (a, b) => a.id - b.id,
  )
})
afterAll(() => remove())

const away = (ratios: readonly number[]): number => ratios.reduce((sum, r) => sum + Math.abs(r - 1), 0) / ratios.length
const covering = (ratios: readonly number[]): number =>
  (Math.max(...ratios.map((r) => Math.abs(r - 1))) * ratios.length) / Math.log(2 * ratios.length)

describe('what is measured of a run', () => {
  it('is told over its blocks and over all of its units, with the numbers of its norms', async () => {
    const shown = jsonLines((await normlab(['runs', 'show', '1', '--json'], home)).stdout)[0]!
    const units = shown.units as string[]
    const isBlock = units.map((name) => name.includes('block'))
    expect(isBlock.filter(Boolean)).toHaveLength(6)
    for (const run of steps.slice(0, 2))
      for (const step of run) {
        const blocks = step.ratios.filter((_, l) => isBlock[l])
        expect(step.deviation).toBeCloseTo(away(blocks), 5)
        expect(step.deviationAll).toBeCloseTo(away(step.ratios), 5)
        expect(step.coveringC).toBeCloseTo(covering(blocks), 4)
        expect(step.coveringCAll).toBeCloseTo(covering(step.ratios), 4)
        expect(step.chainRatio! / (step.norms[0]! / step.norms[step.norms.length - 1]!)).toBeCloseTo(1, 6)
        expect(step.ratiosNotFinite).toBe(0)
      }
  })

  it('is the same on the list, of a run, in a comparison and in the files, each of a moment that is told', async () => {
    for (const [index, { id, measures, last, sets }] of listed.slice(0, 2).entries()) {
      const shown = jsonLines((await normlab(['runs', 'show', String(id), '--json'], home)).stdout)[0]!
      const epoch = (shown.epochs as Record<string, unknown>[])[0]!
      const means = (epoch.ratios as { mean: number[] }).mean
      const blocks = means.filter((_, l) => (shown.units as string[])[l]!.includes('block'))
      expect(measures.epoch).toBe(1)
      expect([measures.deviation, measures.coveringC]).toEqual([epoch.deviation, epoch.coveringC])
      expect(measures.deviation).toBeCloseTo(away(blocks), 5)
      expect(measures.deviationAll).toBeCloseTo(away(means), 5)
      expect([last.measuredStep, last.coveringC]).toEqual([6, expect.closeTo(steps[index]![5]!.coveringC!, 6)])
      expect(sets.blocks).toEqual({ count: 6, holds: ['block'] })
      expect(sets.all!.holds).toEqual(['block', 'transition', 'stem'])
    }
    const compared = jsonLines((await normlab(['compare', '1', '2', '3', '--json'], home)).stdout) as unknown as {
      measures: Record<string, number>
      sets: Record<string, unknown>
      moments: Record<string, number>
    }[]
    expect(compared.map(({ measures }) => measures.deviation)).toEqual(listed.map(({ measures }) => measures.deviation))
    expect(compared.map(({ measures }) => measures.coveringCAll)).toEqual(listed.map(({ measures }) => measures.coveringCAll))
    expect(compared[0]!.sets.blocks).toEqual(listed[0]!.sets.blocks)
    const { stdout } = await normlab(['compare', '1', '2', '3'], home)
    expect(stdout).toMatch(/^which blocks +6 units: blocks/m)
    expect(stdout).toMatch(/^which units +9 units: blocks, transitions, stem/m)
    expect(stdout).toMatch(/^last measured step +6 +6 +21$/m)
    const text = (await normlab(['runs', 'show', '1'], home)).stdout
    expect(text).toMatch(/^covering c, blocks: .* at step 6$/m)
    expect(text).toMatch(/^mean \|r − 1\|, all units: .* at step 6$/m)
  })

  it('of every tenth step stays there: the last measured one stands for the run', async () => {
    const [, , run] = steps
    const measured = run!.filter(({ norms }) => norms.length > 0)
    expect(measured.map(({ step }) => step)).toEqual([1, 11, 21])
    expect(run!.every((step) => typeof step.loss === 'number' && 'chainRatio' in step === step.norms.length > 0)).toBe(true)
    const { last, measures } = listed[2]!
    expect([last.step, last.measuredStep]).toEqual([24, 21])
    expect(last.loss).toBe(run![23]!.loss)
    for (const value of [last.chainRatio, measures.chainRatio]) expect(value).toBe(measured[2]!.chainRatio)
    expect((await normlab(['runs', 'list'], home)).stdout).not.toContain('NaN')
    const out = path.join(home, 'third.csv')
    await normlab(['runs', 'export', '3', '--out', out], home)
    const [header, ...rows] = readCsv(readFileSync(out, 'utf8'))
    const column = header!.indexOf('chain ratio')
    expect(rows.flatMap((row) => (row[column] === '' ? [] : [[Number(row[0]), Number(row[column])]]))).toEqual(
      measured.map(({ step, chainRatio }) => [step, chainRatio]),
    )
    expect(rows).toHaveLength(24)
  })
})
