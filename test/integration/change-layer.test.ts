import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SafetensorsReader } from '../../main/formats/safetensors'
import type { OpenLab } from '../../main/lab'
import { ended, jsonLines, normlab, openLab, temporaryHome, until } from './lab-support'

const { home, remove } = temporaryHome()
const NET = 'proc-resnet:blocks=1,planes=4/8'
let lab: OpenLab
let run: number
beforeAll(async () => {
  lab = openLab(home)
  const training = { batch: 16, epochs: 1, rate: 0.01 }
  run = (await lab.request('runs.start', { network: NET, data: { name: 'shapes10', train: 64, test: 32 }, training })).id
  await until(lab, run, ended)
})
afterAll(async () => {
  await lab.close()
  remove()
})

describe('a layer of a checkpoint that is changed', () => {
  it('has its singular values in the interval; ratios and accuracy are told before and after; a run goes on from it', async () => {
    const layer = 'stage1.block1.conv1'
    const found = await lab.start('kernels.change-layer', {
      ...{ weights: { run }, layer, change: { kind: 'clip', interval: [0.9, 1.1] } },
      ...{ data: 'shapes10', keep: 'Clipped once' },
    }).result
    expect(found.before.values![0]).toBeGreaterThan(1.1)
    // A 1×1 kernel stays in the interval.
    for (const value of found.after.values!) expect(Math.abs(value - 1)).toBeLessThan(0.1 + 1e-5)
    expect(found.ratios!.before).toHaveLength(found.ratios!.units.length)
    const changed = found.ratios!.units.findIndex(({ name }) => name === 'stage1.block1')
    expect(found.ratios!.after[changed]).not.toBe(found.ratios!.before[changed])
    expect(found.test!.before.loss).not.toBe(found.test!.after.loss)
    const own = await lab.start('networks.test', { weights: { run }, data: 'shapes10' }).result
    expect(found.test!.before).toEqual({ accuracy: own.accuracy, loss: own.loss })
    // Nothing lies about but what was kept.
    expect(readdirSync(path.join(home, 'weights'))).toEqual([expect.stringMatching(/^\d+-[0-9a-f]{64}\.safetensors$/)])

    const item = await lab.request('library.show', { id: found.item! })
    expect(item).toMatchObject({ name: 'Clipped once', weights: { name: `${layer} clipped to 0.9–1.1` } })
    const spectra = await lab.start('kernels.spectra', { weights: { item: item.id }, layers: [layer], withValues: true }).result
    expect(spectra.layers[0]!.values).toEqual(found.after.values)
    const next = await lab.request('runs.start', {
      network: item.document as never,
      data: { name: 'shapes10', train: 64, test: 32 },
      training: { batch: 16, epochs: 1, rate: 0.01 },
      execution: { threads: 1 },
      weights: { item: item.id },
    })
    expect((await until(lab, next.id, ended)).state).toBe('done')
  })

  it('may be in groups, depthwise or dilated', async () => {
    const network = {
      format: 'normlab/network' as const,
      version: 1 as const,
      name: 'in groups',
      nodes: [
        { id: 'input', kind: 'input', attributes: { height: 3, width: 3, channels: 4 } },
        { id: 'depthwise', kind: 'depthwise-conv2d', attributes: { multiplier: 2 } },
        { id: 'grouped', kind: 'conv2d', attributes: { filters: 8, groups: 4 } },
        { id: 'dilated', kind: 'conv2d', attributes: { filters: 6, dilation: 2 } },
        { id: 'pool', kind: 'global-average-pool' },
        { id: 'head', kind: 'dense', attributes: { units: 10 } },
        { id: 'loss', kind: 'softmax-cross-entropy' },
      ],
    }
    // A 3×3 kernel on a grid of 3×3 has a tap for each pixel: no change is lost by cropping.
    for (const [layer, gain] of [
      ['depthwise', Math.SQRT2],
      ['grouped', 1],
      ['dilated', Math.sqrt(6 / 8)],
    ] as const) {
      // prettier-ignore
      const ask = (change: object) =>
        lab.start('kernels.change-layer', { network, weights: { seed: 1 }, layer, change: change as never }).result
      const { after } = await ask({ kind: 'clip', interval: [0.9, 1.1] })
      for (const value of after.values!) expect(Math.abs(value - 1)).toBeLessThan(0.1 + 1e-5)
      const { after: projected, rank, fullRank } = await ask({ kind: 'project' })
      for (const value of projected.values!) expect(Math.abs(value - gain)).toBeLessThan(1e-5)
      expect(rank).toBe(fullRank)
    }
  })

  it('is told in a sentence where the change is none for it', async () => {
    const ask = (layer: string, change: object) =>
      lab.start('kernels.change-layer', { weights: { run }, layer, change: change as never }).result
    await expect(ask('head', { kind: 'project' })).rejects.toThrow('whiten it instead')
    await expect(ask('stem.conv', { kind: 'whiten' })).rejects.toThrow('project it instead')
    await expect(ask('end.bn', { kind: 'scale', factor: 2 })).rejects.toThrow('no kernel to change')
    await expect(ask('stem.conv', { kind: 'clip', interval: [2, 1] })).rejects.toThrow('least and the greatest')
  })

  it('is a checkpoint of the run that is named by its step, and refused for a step that has none', async () => {
    const [{ step }] = (await lab.request('runs.checkpoints', { run })) as [{ step: number }]
    const { weights } = await lab.start('kernels.spectra', { weights: { run, step }, layers: ['head'] }).result
    expect(weights).toBe(`the checkpoint of run ${run} after step ${step}`)
    await expect(lab.start('kernels.spectra', { weights: { run, step: 3 } }).result).rejects.toThrow('choose one of')
    const asked = ['--layers', 'head', '--bound', '--json']
    const [at, newest] = await Promise.all([`run:${run}@${step}`, `run:${run}`].map((word) => normlab(['spectrum', word, ...asked], home))) // prettier-ignore
    expect(at!.stdout).toBe(newest!.stdout)
    const [head] = jsonLines(at!.stdout) as [{ largest: number; gramBound: number | null }]
    // A dense layer has none; what wraps around has.
    expect(head.gramBound).toBeNull()
    const stem = jsonLines((await normlab(['spectrum', `run:${run}`, '--layers', 'stem.conv', '--bound', '--json'], home)).stdout)[0] as typeof head // prettier-ignore
    expect(stem.gramBound).toBeGreaterThanOrEqual(stem.largest * (1 - 1e-6))
    expect((await normlab(['test', `run:${run}@3`, '--data', 'shapes10'], home)).stderr).toContain('choose one of')
  })
})

describe('the command line', () => {
  it('changes a layer of a checkpoint, tells what the page tells of it, and keeps it where asked', async () => {
    const out = path.join(home, 'changed.safetensors')
    const words = ['clip', `run:${run}`, '--layer', 'stage1.block1.conv1', '--interval', '0.9,1.1']
    const told = await normlab([...words, '--data', 'shapes10', '--keep', 'By command', '--out', out, '--json'], home)
    expect([told.status, jsonLines(told.stdout)]).toEqual([0, [expect.anything()]])
    interface Side {
      largest: number
      ratios: number[]
      test_accuracy: number
      test_loss: number
    }
    const [{ before, after, units, item }] = jsonLines(told.stdout) as [{ before: Side; after: Side; units: string[]; item: number }] // prettier-ignore
    expect(before.largest).toBeGreaterThan(after.largest)
    expect([before.ratios.length, after.ratios.length]).toEqual([units.length, units.length])
    // As the run standardised its pixels, which an item and a file do not know.
    const { mean, std } = await lab.start('networks.test', { weights: { run }, data: 'shapes10' }).result
    const asRun = { data: 'shapes10', mean: mean!, std: std! }
    const kept = await lab.start('networks.test', { weights: { item }, ...asRun }).result
    expect(after).toMatchObject({ test_accuracy: kept.accuracy, test_loss: kept.loss })
    const of = await lab.start('networks.test', { network: NET, weights: { file: out }, ...asRun }).result
    expect(of.loss).toBe(kept.loss)

    const { stdout, stderr } = await normlab(words, home)
    expect(stdout).toMatch(/^stage1\.block1\.conv1 clipped to 0\.9–1\.1 +before +after$/m)
    expect(stdout).toMatch(/^largest singular value +\S+ +1\.100$/m)
    expect(stderr).toContain('With --data NAME')
    for (const [wrong, sentence] of [
      [['whiten', `run:${run}`], 'needs --layer'],
      [['whiten', out, '--layer', 'head'], 'add --network NET'],
      [['whiten', out], 'needs --out'],
      [[...words, '--size', '3'], '--size: a layer of a network says that itself'],
      [[...words, '--split', 'test'], 'add --data NAME'],
    ] as const)
      expect((await normlab([...wrong], home)).stderr).toContain(sentence)
  })

  it('clips and scales a kernel of a file, and tells a network’s spectra as a table, JSON and CSV', async () => {
    const [w, clipped, scaled, csv] = ['w', 'clipped', 'scaled'].map((name) => path.join(home, `${name}.safetensors`)).concat(path.join(home, 's.csv')) as [string, string, string, string] // prettier-ignore
    await lab.request('weights.export', { from: { run }, out: w })
    const kernel = ['--tensor', 'stem.conv.kernel']
    const told = await normlab(['clip', w, ...kernel, '--size', '32', '--interval', '0,2', '--out', clipped], home)
    expect([told.status, told.stderr]).toEqual([
      0,
      expect.stringMatching(/^Singular values: \S+ to \S+ before, \S+ to \S+ after\.$/m),
    ])
    expect((await normlab(['scale', w, ...kernel, '--factor', '0.5', '--out', scaled], home)).status).toBe(0)
    const floats = (file: string): Float32Array => {
      const reader = SafetensorsReader.open(file)
      const values = reader.readFloats('stem.conv.kernel')
      reader.close()
      return values
    }
    expect(floats(scaled)).toEqual(floats(w).map((value) => value / 2))
    const largest = async (file: string): Promise<number> => {
      const { stdout } = await normlab(['spectrum', file, '--network', NET, '--layers', 'stem.conv', '--json'], home)
      return (jsonLines(stdout)[0] as { largest: number }).largest
    }
    expect(await largest(clipped)).toBeLessThan(await largest(w))
    const { status, stdout } = await normlab(['spectrum', `run:${run}`, '--layers', 'head,stem.conv', '--out', csv], home)
    expect([status, stdout.split('\n').length]).toEqual([0, 4])
    for (const [words, sentence] of [
      [['clip', w, ...kernel, '--interval', '0,2', '--out', clipped], 'add --size'],
      [['clip', w, ...kernel, '--size', '32', '--interval', '2', '--out', clipped], 'two numbers'],
      [
        ['clip', w, ...kernel, '--size', '32', '--interval', '2,1', '--out', clipped],
        '--interval: must be the least and the greatest',
      ],
      [['spectrum', w], 'neither a kernel nor a unit'],
      [['spectrum', `run:${run}`, '--out', path.join(home, 's.txt')], 'neither CSV nor JSON'],
      [['spectrum', `run:${run}`, '--layers', 'nothing'], 'no linear layer'],
    ] as const) {
      const outcome = await normlab([...words], home)
      expect([words, outcome.status]).toEqual([words, 2])
      expect(outcome.stderr).toContain(sentence)
    }
  })
})
