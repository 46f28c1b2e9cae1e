import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ended, jsonLines, normlab, openLab, temporaryHome, until } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

const definition = {
  name: 'rates',
  base: {
    network: 'proc-resnet:blocks=1,planes=2/4,input=8x8x3',
    data: { name: 'shapes10', train: 32, test: 16 },
    training: { batch: 8, epochs: 1 },
  },
  axes: [{ name: 'rate', variants: [0.1, 0.01].map((rate) => ({ label: `rate ${rate}`, set: { 'training.rate': rate } })) }],
  seeds: [1, 2],
}

describe('experiments', () => {
  it('run small from the command line, are listed with their claims, and go on where something is missing', async () => {
    const first = await normlab(['experiment', 'transitions', '--json'], home)
    expect(first.status).toBe(0)
    const all = jsonLines(first.stdout)
    const lines = all.filter(({ run }) => run !== undefined)
    expect(lines.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    expect(lines.every(({ deviation }) => typeof deviation === 'number')).toBe(true)
    // One seed tells no spread: the numbers are there, and the claim stays open.
    const { verdict } = all[4] as { verdict: { finding: string; expectations: { comparisons: { better: object }[] }[] } }
    expect(verdict.finding).toBe('undecided')
    expect(verdict.expectations).toHaveLength(4)
    expect(verdict.expectations[0]!.comparisons[0]!.better).toMatchObject({ label: 'projected each step', deviation: null, n: 1 })
    expect((await normlab(['experiments'], home)).stdout).toContain('4/4 runs')
    expect((await normlab(['runs', 'delete', '2'], home)).status).toBe(0)
    const again = await normlab(['experiment', '1', '--json'], home)
    expect(again.status).toBe(0)
    expect(
      jsonLines(again.stdout)
        .flatMap(({ run }) => (run === undefined ? [] : [run as number]))
        .sort(),
    ).toEqual([1, 3, 4, 5])
    const more = await normlab(['experiment', '1', '--seeds', '2', '--plan', '--json'], home)
    const [{ cells }] = jsonLines(more.stdout) as [{ cells: { seed: number }[] }]
    expect(cells.map(({ seed }) => seed)).toEqual([2, 2, 2, 2])
    expect((await normlab(['experiments'], home)).stdout).toContain('4/4 runs')
    const compared = await normlab(['compare', '1', '5', '--json'], home)
    const [one, other] = jsonLines(compared.stdout) as { settings: Record<string, unknown> }[]
    expect(Object.keys(one!.settings)).toEqual(Object.keys(other!.settings))
    expect(one!.settings['training.projection.layers']).toBe('none')
  })

  it('are refused whole where a cell is wrong', async () => {
    const { status, stderr } = await normlab(['experiment', 'nothing'], home)
    expect(status).toBe(2)
    expect(stderr).toContain('there is no ready experiment "nothing"')
  })

  it('are on another data set where one is named, and say in a sentence what does not fit', async () => {
    const plan = await normlab(['experiment', 'figure', '--data', 'digits', '--size', 'medium', '--plan', '--json'], home)
    expect(plan.status).toBe(0)
    const { cells } = jsonLines(plan.stdout)[0] as { cells: { steps: number }[] }
    // 1,437 images in batches of 32, six times: it has fewer than the 2,048 that the size takes.
    expect(cells.map(({ steps }) => steps)).toEqual([264, 264, 264])
    const refusals = [
      [['figure', '--data', 'nowhere'], 'data set "nowhere": there is no such data set; use shapes10'],
      [['3', '--data', 'digits'], '--data: an experiment that was started has its data set'],
      [['3', '--size', 'large'], '--size: an experiment that was started has its size'],
      [['mine.json', '--size', 'large'], '--size: an experiment from a file has one size, which is said in the file'],
      [['figure', '--add', 'mine.json'], '--add: only an experiment that was started is added to'],
      [['mine.json', '--data', 'digits'], '--data: the data set of an experiment from a file is said in the file'],
    ] as const
    for (const [words, sentence] of refusals) {
      const refused = await normlab(['experiment', ...words], home)
      expect(refused.status).toBe(2)
      expect(refused.stderr).toContain(sentence)
    }
  })
})

describe('an experiment in the lab', () => {
  it('keeps the runs it has when it is added to', async () => {
    const lab = openLab(home)
    try {
      const shape = { ...definition, base: { ...definition.base, network: 'proc-resnet:blocks=1,planes=2/4' } }
      const plan = await lab.request('experiments.plan', { definition: shape })
      expect(plan.cells.map(({ steps }) => steps)).toEqual([4, 4, 4, 4])
      const { id, cells } = await lab.request('experiments.start', { definition: shape })
      expect(cells.map(({ run }) => run)).toEqual([1, 2, 3, 4])
      for (const run of [1, 2, 3, 4]) await until(lab, run, ended)
      const more = await lab.request('experiments.extend', { id, definition: { ...shape, seeds: [1, 2, 3] } })
      expect(more.cells.map(({ run }) => run)).toEqual([1, 2, 5, 3, 4, 6])
      await lab.request('experiments.stop', { id })
      for (const run of [5, 6]) await until(lab, run, ended)
      const less = { ...shape, seeds: [2, 3] }
      await expect(lab.request('experiments.extend', { id, definition: less })).rejects.toThrow('has a run, and is left out')
      const other = { ...shape, base: { ...shape.base, training: { batch: 16, epochs: 1 } } }
      await expect(lab.request('experiments.extend', { id, definition: other })).rejects.toThrow(
        'has a run, and has other settings now',
      )
      const wrong = { ...shape, axes: [{ name: 'batch', variants: [{ label: 'huge', set: { 'training.batch': 999 } }] }] }
      await expect(lab.request('experiments.start', { definition: wrong })).rejects.toThrow('cell "huge · seed 1"')
      expect(await lab.request('experiments.list', {})).toHaveLength(1)
      await lab.request('experiments.delete', { id })
      expect(await lab.request('runs.list', {})).toHaveLength(6)
    } finally {
      await lab.close()
    }
  })
})

describe('a bundle', () => {
  it('goes to a file and comes back with weights from which the run goes on', async () => {
    const words = [
      'proc-resnet:blocks=1,planes=2/4',
      '--epochs',
      '1',
      '--batch',
      '8',
      '--set',
      'data.train=32',
      '--set',
      'data.test=8',
    ]
    expect((await normlab(['train', ...words], home)).status).toBe(0)
    const file = path.join(home, 'one.normlab')
    expect((await normlab(['runs', 'export', '1', '--out', file], home)).stdout).toContain('4 steps')
    expect(existsSync(file)).toBe(true)
    const other = temporaryHome()
    try {
      expect((await normlab(['runs', 'import', file], other.home)).stdout).toContain('It is run 1')
      const resumed = await normlab(['runs', 'resume', '1', '--epochs', '2', '--json'], other.home)
      expect(resumed.status).toBe(0)
      expect(
        jsonLines(resumed.stdout)
          .filter((line) => 'ratios' in line)
          .map(({ step }) => step),
      ).toEqual([5, 6, 7, 8])
      const broken = path.join(other.home, 'broken.normlab')
      await import('node:fs').then((fs) => fs.writeFileSync(broken, readFileSync(file).subarray(0, 9000)))
      const refused = await normlab(['runs', 'import', broken], other.home)
      expect(refused.status).toBe(2)
      expect(refused.stderr).toContain('broken.normlab')
    } finally {
      other.remove()
    }
  })
})
