import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SearchProgress } from '../../shared/search/progress'
import { nextSteps } from '../../shared/search/plan'
import { jsonLines, NET, normlab, openLab, start, temporaryHome } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

/** A few trials on a few images. */
const words = (sampler: string, ...more: string[]): string[] => [
  ...['search', NET, '--space', 'rate=1e-3..0.3,weight-decay=0..0.01', '--sampler', sampler, '--schedule', 'cosine'],
  ...['--set', 'data.train=64', '--set', 'data.test=32', '--batch', '16', '--threads', '1', '--objective', 'test-loss', ...more],
]

type Line = Record<string, unknown>
const trialsOf = (lines: readonly Line[]): Line[] => lines.filter(({ trial }) => trial !== undefined)

/** All that a search's trials came to, without what differs from machine to machine: the numbers of each step. */
async function recordsOf(folder: string): Promise<unknown[]> {
  const lab = openLab(folder)
  try {
    const { cells } = await lab.request('experiments.show', { id: 1 })
    return await Promise.all(
      cells.map(async ({ labels, run }) => {
        const steps = await lab.request('runs.steps', { run: run!, from: 1, to: 1e9 })
        return { labels, steps: steps.map(({ step, loss, rate, norms }) => ({ step, loss, rate, norms: [...norms] })) }
      }),
    )
  } finally {
    await lab.close()
  }
}

describe('a search', () => {
  it('ends all but the best early, keeps their records, and killed and gone on with is the same as unbroken', async () => {
    const asked = words('halving', '--trials', '4', '--factor', '2', '--epochs', '2', '--json')
    const whole = await normlab(asked, home)
    expect(whole.status).toBe(0)
    const lines = jsonLines(whole.stdout)
    const last = lines[lines.length - 1] as unknown as SearchProgress
    expect(last).toMatchObject({ state: 'done', verdict: { finding: 'unknown', compared: 2 } })
    const trials = trialsOf(lines)
    expect(trials.map(({ epochs }) => epochs).sort()).toEqual([1, 1, 2, 2])
    expect(trials.filter(({ state }) => state === 'ended early')).toHaveLength(2)

    const other = temporaryHome()
    try {
      const cut = start(asked, other.home)
      await cut.printed('"state":"ended early"')
      cut.child.kill('SIGKILL')
      await cut.finished
      const again = await normlab(['search', '1', '--json'], other.home)
      expect(again.status).toBe(0)
      const resumed = jsonLines(again.stdout)
      const byNumber = (all: readonly Line[]): unknown[] =>
        trialsOf(all)
          .map(({ trial, values, mean, state, epochs }) => ({ trial, values, mean, state, epochs }))
          .sort((a, b) => Number(a.trial) - Number(b.trial))
      expect(byNumber(resumed)).toEqual(byNumber(lines))
      expect(resumed[resumed.length - 1]).toMatchObject({ verdict: last.verdict, best: last.best })
      expect(await recordsOf(other.home)).toEqual(await recordsOf(home))
    } finally {
      other.remove()
    }
  })

  it('by a Gaussian process is given more trials, which go on from the results of the earlier ones', async () => {
    const first = await normlab(words('bayes', '--trials', '4', '--epochs', '1', '--json'), home)
    expect(first.status).toBe(0)
    const known = trialsOf(jsonLines(first.stdout)).map(({ values, mean }) => ({
      ...{ values: values as Record<string, unknown>, score: mean as number, rungs: [] },
    }))
    const more = await normlab(['search', '1', '--more', '1', '--json'], home)
    expect(more.status).toBe(0)
    const lines = jsonLines(more.stdout)
    expect(lines[lines.length - 1]).toMatchObject({ state: 'done', verdict: { compared: 5, finding: 'unknown' } })
    const lab = openLab(home)
    const { definition } = await lab.request('experiments.show', { id: 1 })
    await lab.close()
    const { begin } = nextSteps(definition.search!, known, 1)
    expect(trialsOf(lines)[4]!['values']).toEqual(begin[0])
  })

  it('refuses with a sentence what makes no search, and starts nothing', async () => {
    const refusals = [
      [['search', NET, '--space', 'rat=1..2'], '--space: there is no setting "rat"; perhaps'],
      [['search', NET, '--space', 'batch=16|60000', '--trials', '2'], 'trial with batch 60000'],
      [['search', NET, '--space', 'batch=16|32', '--trials', '3'], 'the space has 2 points, and 3 trials are asked for'],
      [
        ['search', NET, '--space', 'rate=0.1..1', '--objective', 'rate'],
        '--objective: neither more nor less of "rate" is better',
      ],
      [['search', NET, '--space', 'rate=0.1..1', '--ahead', '2'], '--ahead: it is of bayes alone'],
      [['search', NET, '--space', 'epochs=1..30', '--sampler', 'halving'], 'successive halving decides itself how long'],
      [['search', NET, '--space', 'seed=1..30'], 'a seed is no setting to look for'],
      [['search', '7', '--more', '2'], 'there is no experiment 7'],
    ] as const
    for (const [asked, sentence] of refusals) {
      const { status, stderr } = await normlab(asked, home)
      expect(stderr).toContain(sentence)
      expect(status).toBe(2)
    }
    const lab = openLab(home)
    expect(await lab.request('runs.list', {})).toEqual([])
    await lab.close()
  })
})
