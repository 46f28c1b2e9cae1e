import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunSummary } from '../../shared/api'
import type { OpenLab } from '../../main/lab'
import { ended, jsonLines, normlab, openLab, start, temporaryHome, TINY, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(() => {
  lab = openLab(home)
})
afterAll(async () => {
  await lab.close()
  remove()
})

/** So many images that there is time for a word while they are tested. */
const LONG = { name: 'shapes10', train: 64, test: 60_000 }

describe('the test of a run', () => {
  it('tells how far it has come, and is left out when asked, without losing the run', async () => {
    const { id } = await lab.request('runs.start', { ...tiny({ epochs: 2 }), data: LONG })
    const seen: NonNullable<RunSummary['progress']['test']>[] = []
    const goesOn = await until(lab, id, ({ progress }) => {
      if (progress.test) seen.push(progress.test)
      return (progress.test?.done ?? 0) > 0
    })
    expect(goesOn.progress).toMatchObject({ phase: 'evaluate', step: 4, test: { images: 60_000 } })
    await lab.request('runs.skip-test', { run: id })
    // Of the second epoch too.
    await until(lab, id, ({ progress }) => progress.step === 8 && (progress.test?.done ?? 0) > 0)
    await lab.request('runs.skip-test', { run: id })
    const summary = await until(lab, id, ended)
    expect(summary).toMatchObject({ state: 'done', problem: null, progress: { step: 8 } })
    const skipped = summary.notices
      .map(({ message }) => message)
      .filter((message) => /was skipped at \d+ of 60000 images/.test(message))
    expect(skipped.map((message) => message.slice(0, 20))).toEqual(['the test after epoch', 'the test after epoch'])
    const epochs = await lab.request('runs.epochs', { run: id })
    expect(epochs.map(({ epoch, testLoss }) => [epoch, testLoss])).toEqual([[1, null], [2, null]]) // prettier-ignore
    await expect(lab.request('runs.skip-test', { run: id })).rejects.toThrow('has ended, there is nothing to skip')
  })

  it('is never made where it is not wanted, and made at the end alone where that is', async () => {
    const tested = async (evaluation: object): Promise<boolean[]> => {
      const { id } = await lab.request('runs.start', tiny({ epochs: 3, evaluation }))
      await until(lab, id, ended)
      return (await lab.request('runs.epochs', { run: id })).map(({ testLoss }) => testLoss !== null)
    }
    expect(await tested({ every: 0, last: false })).toEqual([false, false, false])
    expect(await tested({ every: 0 })).toEqual([false, false, true])
    expect(await tested({ every: 2, last: false })).toEqual([false, true, false])
  })

  it('is announced on the command line, and left out with --no-test', async () => {
    const { home, remove } = temporaryHome()
    try {
      const told = await normlab(
        ['train', ...TINY.map((word) => (word === 'data.test=32' ? 'data.test=30000' : word)), '--steps', '3', '--json'],
        home,
      )
      expect(told.stderr).toContain('Testing 30,000 images')
      const without = await normlab(['train', ...TINY, '--steps', '3', '--no-test', '--json'], home)
      expect(without.status).toBe(0)
      expect(without.stderr).not.toContain('Testing')
      const epochs = jsonLines(without.stdout).flatMap(({ epoch_summary }) => (epoch_summary ? [epoch_summary] : []))
      expect(epochs).toMatchObject([{ testLoss: null, testAccuracy: null }])
    } finally {
      remove()
    }
  })

  it('is left out by Ctrl-C where all steps are done', async () => {
    const { home, remove } = temporaryHome()
    try {
      const words = ['train', 'plain:blocks=1,widths=4/8', '--set', 'data.train=64', '--set', 'data.test=60000', '--batch', '16']
      const { child, finished, printed } = start([...words, '--steps', '2', '--json'], home)
      // Heard from the start: it may be said before the last step's line has been read.
      const announced = new Promise<void>((resolve) => {
        let said = ''
        child.stderr!.on('data', (text: Buffer) => {
          said += text.toString()
          if (said.includes('Testing 60,000 images')) resolve()
        })
      })
      await printed('"step":2')
      await announced
      child.kill('SIGINT')
      const { status, stdout, stderr } = await finished
      expect(stderr).toContain('Skipping this test')
      expect([status, jsonLines(stdout).pop()]).toMatchObject([0, { summary: { state: 'done' } }])
    } finally {
      remove()
    }
  })
})
