import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { Random } from '../../shared/random'
import type { EpochRecord, StepRecord } from '../../shared/records'
import { engineOf, normlab, openLab, start, temporaryHome } from '../integration/lab-support'
import { electronProgram } from './electron-program'

/**
 * Kills the app or its engine at a random point of a run, as often as NORMLAB_FAULTS says, and holds the run that comes of it
 * against one that nobody disturbed: every step that was told of is stored, and the end is the same bit by bit.
 * NORMLAB_FAULTS_SEED repeats a series.
 */
const COUNT = Number(process.env['NORMLAB_FAULTS'] ?? 10)
const SEED = Number(process.env['NORMLAB_FAULTS_SEED'] ?? Date.now() % 1_000_000)
const EPOCHS = 5
const STEPS_PER_EPOCH = 8
const STEPS = EPOCHS * STEPS_PER_EPOCH

/** Everything random in it: order, augmentation, draws of both repairs. */
const RUN = [
  'train',
  'proc-resnet:blocks=1,planes=4/8',
  ...[
    '--epochs',
    `${EPOCHS}`,
    '--batch',
    '32',
    '--rate',
    '0.02',
    '--threads',
    '2',
    '--seed',
    '7',
    '--project',
    'transitions',
    '--json',
  ],
  ...[
    'data.train=256',
    'data.test=64',
    'checkpoint.every=3',
    'projection.probability=0.5',
    'augmentation.flip=true',
    'augmentation.crop=2',
  ].flatMap((setting) => ['--set', setting]),
]

interface Outcome {
  readonly steps: readonly Omit<StepRecord, 'ms' | 'waitedMs'>[]
  readonly epochs: readonly Omit<EpochRecord, 'seconds'>[]
  readonly weights: string
}

async function outcome(home: string): Promise<Outcome> {
  const lab = openLab(home)
  try {
    const steps = await lab.request('runs.steps', { run: 1, from: 1, to: STEPS })
    const epochs = await lab.request('runs.epochs', { run: 1 })
    const folder = path.join(home, 'checkpoints/1')
    const last = SafetensorsReader.open(path.join(folder, readdirSync(folder).sort().pop()!))
    const weights = last.metadata['digest']!
    last.close()
    return {
      steps: steps.map(({ ms: _, waitedMs: _waited, ...step }) => step),
      epochs: epochs.map(({ seconds: _, ...epoch }) => epoch),
      weights,
    }
  } finally {
    await lab.close()
  }
}

/** Numbers of the steps in a --json output, whole lines only: a killed process may leave half a line. */
function toldSteps(stdout: string): number[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n')
  return lines.flatMap((line) => {
    const step = /^\{"run":\d+,"step":(\d+),/.exec(line)?.[1]
    return step === undefined ? [] : [Number(step)]
  })
}

describe.each([
  { hosts: 'child processes', program: undefined, count: COUNT },
  // Electron takes its time to start.
  { hosts: 'utility processes of Electron', program: electronProgram(), count: Math.ceil(COUNT * 0.4) },
])(`a run that is killed, its hosts $hosts (NORMLAB_FAULTS_SEED=${SEED})`, ({ program, count }) => {
  const random = new Random(SEED)
  const reference = temporaryHome()
  let unbroken: Outcome
  beforeAll(async () => {
    const { status, stderr } = await normlab(RUN, reference.home, program)
    // Nothing but the word that a test begins.
    expect(stderr.replace(/^Testing \d+ images\n/gm, '')).toBe('')
    expect(status).toBe(0)
    unbroken = await outcome(reference.home)
    expect(unbroken.steps).toHaveLength(STEPS)
  })
  afterAll(() => reference.remove())

  const trials = Array.from({ length: count }, (_, i) => ({
    trial: i + 1,
    victim: i % 2 === 0 ? 'app' : 'engine',
    at: 1 + random.integer(STEPS - 6),
    spins: random.integer(30_000_000),
  }))

  it.each(trials)('$trial: its $victim, after step $at', async ({ victim, at, spins }) => {
    const { home, remove } = temporaryHome()
    try {
      const { child, finished, printed } = start(RUN, home, program)
      await printed(`"step":${at},`)
      // Somewhere within the steps that follow; how far that is, nobody needs to know.
      for (let spin = 0; spin < spins; spin++) random.word()
      const target = victim === 'app' ? child.pid! : engineOf(child.pid!)
      // The engine may be gone already, its work done.
      if (!Number.isNaN(target)) process.kill(target, 'SIGKILL')
      const { status, stdout } = await finished
      const told = toldSteps(stdout)
      expect(told).toEqual(told.map((_, i) => i + 1))
      if (victim === 'engine') expect(status).toBe(0)
      else {
        const lab = openLab(home)
        const stored = await lab.request('runs.steps', { run: 1, from: 1, to: STEPS })
        const { state } = await lab.request('runs.show', { run: 1 })
        await lab.close()
        expect(stored.map(({ step }) => step)).toEqual(Array.from({ length: stored.length }, (_, i) => i + 1))
        expect(stored.length).toBeGreaterThanOrEqual(told.length)
        // It may have been over already.
        if (state !== 'done') {
          expect(state).toBe('interrupted')
          expect(await normlab(['runs', 'resume', '1', '--json'], home, program)).toMatchObject({ status: 0 })
        }
      }
      expect(await outcome(home)).toEqual(unbroken)
      const lab = openLab(home)
      const { notices } = await lab.request('runs.show', { run: 1 })
      await lab.close()
      expect(notices.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('otherwise'))
    } finally {
      remove()
    }
  })
})
