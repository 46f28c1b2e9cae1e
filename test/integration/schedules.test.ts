import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { gatherReport } from '../../main/report/gather'
import type { Training } from '../../shared/configuration'
import { ended, jsonLines, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(() => {
  lab = openLab(home)
})
afterAll(async () => {
  await lab.close()
  remove()
})

/** Two epochs of five steps. */
async function shortRun(training: Partial<Training>): Promise<number> {
  const asked = { ...tiny({ epochs: 2, rate: 1, weightDecay: 0, ...training }), data: { name: 'shapes10', train: 80, test: 16 } }
  const { id } = await lab.request('runs.start', asked)
  expect((await until(lab, id, ended)).state).toBe('done')
  return id
}

async function goOn(run: number, end: object): Promise<{ rates: number[]; notices: string[] }> {
  await lab.request('runs.resume', { run, ...end })
  await until(lab, run, (summary) => ended(summary) && summary.progress.step > 10)
  const steps = await lab.request('runs.steps', { run, from: 1, to: 1000 })
  const { notices } = await lab.request('runs.show', { run })
  return { rates: steps.map(({ rate }) => Number(rate.toFixed(6))), notices: notices.map(({ message }) => message) }
}

describe('a run that is done and gets more epochs', () => {
  it('says in its record what becomes of its schedule, and has the rates that it says', async () => {
    const run = await shortRun({ schedule: 'cosine' })
    const { rates, notices } = await goOn(run, { epochs: 4 })
    expect(rates[9]).toBe(0.024472)
    expect(rates[10]).toBe(0.5)
    expect(notices).toContain(
      'the run gets 20 steps in place of 10, and the cosine is stretched over them: the rate goes from 0.0244717 at step 10 to 0.5 at step 11',
    )
    // Its settings are those of a run of 20 steps from the beginning, which has other numbers.
    const { repeat, tables } = await gatherReport(lab, { runs: [run] })
    expect(repeat[0]!.note).toContain('the command alone makes another run')
    expect(tables.find(({ title }) => title === 'What happened')!.rows.flat()).toEqual(expect.arrayContaining(notices))
  })

  it('keeps its schedule’s end where it is asked to', async () => {
    const run = await shortRun({ schedule: 'one-cycle' })
    const { rates, notices } = await goOn(run, { epochs: 3, keepSchedule: true })
    expect(rates.slice(9)).toEqual(new Array<number>(6).fill(0.000004))
    expect(notices.find((message) => message.includes('keeps its end at step 10'))).toBeDefined()
    expect((await lab.request('runs.show', { run })).configuration.training.horizon).toBe(10)
    const { repeat } = await gatherReport(lab, { runs: [run] })
    expect(repeat[0]).toMatchObject({ note: '', command: expect.stringContaining('--set horizon=10') as string })
  })

  it('says nothing where milestones rule', async () => {
    const { rates, notices } = await goOn(await shortRun({ milestones: [3] }), { epochs: 4 })
    expect(rates.map((rate, i) => (i < 15 ? rate === 1 : rate === 0.1))).toEqual(new Array<boolean>(20).fill(true))
    expect(notices.filter((message) => message.includes('steps in place of'))).toEqual([])
  })

  it('is told of on the command line before it goes on', async () => {
    const { home, remove } = temporaryHome()
    try {
      const words = ['--batch', '16', '--set', 'data.train=80', '--set', 'data.test=16', '--epochs', '2', '--rate', '0.1']
      await normlab(['train', 'plain:blocks=1,widths=4/8', ...words, '--schedule', 'cosine', '--json'], home)
      const asked = await normlab(['runs', 'resume', '1', '--keep-schedule'], home)
      expect([asked.status, asked.stderr]).toEqual([2, expect.stringContaining('add --epochs or --steps')])
      const { stderr, stdout, status } = await normlab(
        ['runs', 'resume', '1', '--epochs', '3', '--keep-schedule', '--json'],
        home,
      )
      expect(status).toBe(0)
      expect(stderr).toContain('Schedule: the run gets 15 steps in place of 10: the cosine keeps its end at step 10')
      const rates = jsonLines(stdout).flatMap(({ rate }) => (rate === undefined ? [] : [rate]))
      expect(new Set(rates).size).toBe(1)
    } finally {
      remove()
    }
  })
})
