import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TheoryAnswer } from '../../shared/api'
import type { OpenLab } from '../../main/lab'
import { powerLaw } from '../../shared/experiments/power-law'
import { ratios } from '../../shared/norms/ratio'
import { ended, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
const runs: number[] = []
let told: TheoryAnswer

beforeAll(async () => {
  lab = openLab(home)
  for (const network of [
    'proc-resnet-v1:blocks=1,planes=2/4',
    'proc-resnet:blocks=1,planes=2/4',
    'proc-resnet:blocks=2,planes=2/4',
  ]) {
    const asked = { ...tiny({ epochs: 1 }), network, data: { name: 'digits', train: 64 } }
    runs.push((await lab.request('runs.start', asked)).id)
    await until(lab, runs[runs.length - 1]!, ended)
  }
  told = await lab.start('runs.theory', { run: runs[1]! }).result
})
afterAll(async () => {
  await lab.close()
  remove()
})

describe('theory against measurement', () => {
  it('tells of each unit the Jacobian’s extremes and the ratio of the last epoch, and the bound that covers the blocks', async () => {
    const { units } = await lab.request('runs.show', { run: runs[1]! })
    expect(told.pieces.map(({ name }) => name)).toEqual(units.map(({ name }) => name))
    const epochs = await lab.request('runs.epochs', { run: runs[1]! })
    expect(told.epoch).toBe(1)
    expect(told.ratios.map((ratio) => ratio!.mean)).toEqual([...epochs[0]!.ratios.mean])
    told.pieces.forEach(({ kind }, i) => {
      if (kind === 'block') expect(Math.abs(told.ratios[i]!.mean - 1)).toBeLessThanOrEqual(told.delta * (1 + 1e-6))
    })
    for (const { spectrum } of told.pieces) expect(spectrum.largest.value).toBeGreaterThanOrEqual(spectrum.smallest.value)
  })

  it('shows what projection and whitening make of transitions and of the dense layer', () => {
    const repaired = told.pieces.filter((piece) => piece.repaired)
    expect(repaired.every(({ kind }) => kind !== 'block')).toBe(true)
    const transition = repaired.find(({ kind }) => kind === 'transition')!
    expect(transition.repaired!.largest.value).not.toBe(transition.spectrum.largest.value)
    const [head] = told.whitened
    expect(head!.after[0]).toBeCloseTo(1, 4)
    expect(head!.after[1]).toBeCloseTo(1, 4)
  })

  it('tells the ratios of the step that is nearest to the weights: behind the last checkpoint there is none, and it is the step before', async () => {
    const { step, measured } = told
    const [last] = await lab.request('runs.steps', { run: runs[1]!, from: step, to: step })
    expect(measured).toEqual({ step, ratios: ratios(last!.norms) })
  })

  it('shows what L2 pooling makes of a transition in its place', () => {
    for (const { kind, pooled } of told.pieces) expect(pooled === null).toBe(kind !== 'transition')
    // Each window's gradient is a unit vector, and the channels are doubled.
    const { pooled } = told.pieces.find(({ kind }) => kind === 'transition')!
    expect(pooled!.largest.value).toBeCloseTo(Math.SQRT2, 4)
  })

  it('finds L2 pooling to carry each window as it is', async () => {
    const { pieces } = await lab.start('runs.theory', { run: runs[0]! }).result
    const transition = pieces.find(({ kind }) => kind === 'transition')!
    expect([transition.repaired, transition.pooled]).toEqual([null, null])
    // Each window's gradient is a unit vector, and the channels are doubled.
    expect(transition.spectrum.largest.value).toBeCloseTo(Math.SQRT2, 4)
  })

  it('is kept by content: asked again it is not measured again', async () => {
    const folder = path.join(home, 'jacobians')
    const before = readdirSync(folder)
    const phases: string[] = []
    const again = await lab.start('runs.theory', { run: runs[1]! }, ({ phase }) => phases.push(phase)).result
    expect(again).toEqual(told)
    expect(phases).toEqual([])
    expect(readdirSync(folder)).toEqual(before)
  })

  it('puts σ₁ of the branches over the depth', async () => {
    // Of a run that is not there nothing can be told, and the others are measured all the same.
    const depths = await lab.start('runs.depth-law', { runs: [99, ...runs.slice(1)] }).result
    expect(depths.failed).toEqual([{ run: 99, problem: expect.stringContaining('99') as string }])
    expect(depths.runs.map(({ blocks }) => blocks)).toEqual([2, 4])
    expect(depths.runs.every(({ hasSkips }) => hasSkips)).toBe(true)
    expect(depths.withSkips).toEqual(powerLaw(depths.runs.map(({ blocks, mean }) => ({ x: blocks, y: mean }))))
    expect(depths.without).toBeNull()
  })

  it('tells how far the steps of a run have moved what its blocks come to', async () => {
    const { runs: moved, failed } = await lab.start('runs.moved', { runs: [99, ...runs.slice(1)] }).result
    expect(failed).toEqual([{ run: 99, problem: expect.stringContaining('99') as string }])
    expect(moved.map(({ blocks }) => blocks)).toEqual([2, 4])
    for (const { stream, logits, streamBefore, logitsBefore, steps } of moved) {
      expect(steps).toBeGreaterThan(0)
      for (const value of [stream, logits, streamBefore, logitsBefore]) expect(value).toBeGreaterThan(0)
    }
  })

  it('is told by the command line, as a line an item', async () => {
    const law = await normlab(['depth-law', ...runs.slice(1).map(String), '--json'], home)
    expect(law.status, law.stderr).toBe(0)
    const lines = law.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ blocks }) => blocks)).toEqual([2, 4, undefined])
    const theory = await normlab(['theory', String(runs[1]!), '--json'], home)
    const [stem] = theory.stdout.split('\n').map((line) => (line ? (JSON.parse(line) as Record<string, unknown>) : {}))
    expect(stem).toMatchObject({ unit: told.pieces[0]!.name, ratio: { mean: told.ratios[0]!.mean } })
    expect(await normlab(['theory', '99'], home)).toMatchObject({ status: 2, stdout: '' })
  })
})
