import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { ended, engineOf, eventually, isRunning, openLab, start, temporaryHome, TINY, tiny, until } from './lab-support'

let home: string
let remove: () => void
let lab: OpenLab
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(async () => {
  await lab.close()
  remove()
})

/** The stored steps must be 1 … n, and the epochs must cover them. */
async function expectWhole(run: number, count: number): Promise<void> {
  const steps = await lab.request('runs.steps', { run, from: 1, to: 1e9 })
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  const epochs = await lab.request('runs.epochs', { run })
  expect(epochs[epochs.length - 1]!.lastStep).toBe(count)
}

describe('a fault', () => {
  it('of the engine is said, and the run goes on from its last checkpoint in a new engine', async () => {
    lab = openLab(home)
    const { id } = await lab.request('runs.start', tiny({ epochs: 25, checkpoint: { every: 3 } }))
    const next = await lab.request('runs.start', tiny({ epochs: 1 }))
    await until(lab, id, ({ progress }) => progress.step >= 10)
    const killed = lab.enginePid!
    process.kill(killed, 'SIGKILL')
    const { state, problem, notices } = await until(lab, id, ended)
    expect(state).toBe('done')
    expect(problem).toBeNull()
    expect(notices[0]!.message).toBe('the engine process was killed (SIGKILL); the run goes on from its last checkpoint')
    expect(notices[0]!.step).toBeGreaterThanOrEqual(10)
    expect(notices[1]!.message).toMatch(/^went on after step \d+, from its checkpoint$/)
    await expectWhole(id, 100)
    expect(await until(lab, next.id, ended)).toMatchObject({ state: 'done' })
  })

  it('of an engine that was asked to stop leaves the run stopped, and of one that paused brings it back paused', async () => {
    lab = openLab(home)
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000, checkpoint: { every: 3 } }))
    await until(lab, id, ({ progress }) => progress.step >= 4)
    await lab.request('runs.pause', { run: id })
    await until(lab, id, ({ state }) => state === 'paused')
    const first = lab.enginePid!
    process.kill(first, 'SIGKILL')
    const back = await until(lab, id, ({ state }) => state === 'paused' && lab.enginePid !== undefined && lab.enginePid !== first)
    expect(back.notices[0]!.message).toContain('goes back to its last checkpoint and stays paused')
    await lab.request('runs.resume', { run: id })
    await until(lab, id, ({ progress }) => progress.step > back.progress.step + 3)
    // Held up, so that it hears of the wish no more.
    process.kill(lab.enginePid!, 'SIGSTOP')
    await lab.request('runs.stop', { run: id })
    process.kill(lab.enginePid!, 'SIGKILL')
    const { state, problem, notices } = await until(lab, id, ended)
    expect({ state, problem }).toEqual({ state: 'stopped', problem: null })
    expect(notices.at(-1)!.message).toMatch(/^the engine process was killed \(SIGKILL\) before it stopped by itself at step \d+/)
  })

  it('of the engine that comes again and again without a step in between ends the run with a sentence', async () => {
    lab = openLab(home)
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    let last: number | undefined
    const killer = setInterval(() => {
      const pid = lab.enginePid
      if (pid === undefined || pid === last) return
      last = pid
      process.kill(pid, 'SIGKILL')
    }, 1)
    const { state, problem } = await until(lab, id, ended)
    clearInterval(killer)
    expect(state).toBe('interrupted')
    expect(problem!.message).toBe('the engine process was killed (SIGKILL), 4 times in a row before its first step')
  })

  it('of the engine over a question is told to whoever asked', async () => {
    lab = openLab(home)
    const question = lab.request('lab.doctor', {})
    await eventually(() => lab.enginePid !== undefined)
    process.kill(lab.enginePid!, 'SIGKILL')
    const { checks } = await question
    const check = checks.find(({ name }) => name === 'TensorFlow')!
    expect(check.ok).toBe(false)
    expect(check.detail).toMatch(/^the engine process was killed \(SIGKILL\)/)
  })

  it('of the lab takes its engine along, and the next lab finds the run interrupted and whole', async () => {
    const { child, finished, printed } = start(['train', ...TINY, '--epochs', '100000', '--json'], home)
    await printed('"step":10,')
    lab = openLab(home)
    const [run] = await lab.request('runs.list', {})
    expect(run).toMatchObject({ state: 'running' })
    const engine = engineOf(child.pid!)
    child.kill('SIGKILL')
    await finished
    await eventually(() => !isRunning(engine))
    await lab.close()
    lab = openLab(home)
    const { state, problem, progress } = await lab.request('runs.show', { run: run!.id })
    expect(state).toBe('interrupted')
    expect(problem!.message).toBe(
      `NormLab ended without a word at step ${progress.step}; the ${progress.step} finished steps are stored`,
    )
    expect(progress.step).toBeGreaterThanOrEqual(10)
    await expectWhole(run!.id, progress.step)
  })

  it('in the numbers ends the run with the step and the unit where it began', async () => {
    lab = openLab(home)
    const { id, units } = await lab.request('runs.start', tiny({ rate: 1e5, epochs: 100 }))
    const { state, problem, progress } = await until(lab, id, ended)
    expect(state).toBe('failed')
    expect(problem!.step).toBe(progress.step)
    expect(problem!.message).toMatch(/\w+; \w+/)
    expect([...units.map(({ name }) => name), 'head', 'loss'].some((name) => problem!.unit!.startsWith(name))).toBe(true)
    expect(await lab.request('runs.steps', { run: id, from: 1, to: 1e9 })).toHaveLength(progress.step)
  })
})
