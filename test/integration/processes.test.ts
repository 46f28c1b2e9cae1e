import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestInput } from '../../shared/api'
import type { OpenLab } from '../../main/lab'
import { ended, openLab, temporaryHome, until } from './lab-support'

/** 20 steps of a residual network with batch norm, projection and whitening. */
function asked(processes: number | undefined, training: object = {}): RequestInput<'runs.start'> {
  return {
    network: 'proc-resnet:blocks=1,planes=4/8',
    data: { name: 'digits', train: 160, test: 20 },
    training: {
      batch: 32,
      epochs: 4,
      rate: 0.02,
      projection: { layers: 'all', probability: 0.2 },
      whitening: { layers: 'all', every: 2 },
      ...training,
    },
    execution: { threads: 1, ...(processes !== undefined && { processes }) },
    seed: 3,
  }
}

/** Process ids of the engine hosts that this process has started. */
const hosts = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host.js')
      } catch {
        return false
      }
    })

let home: string
let remove: () => void
let lab: OpenLab
beforeAll(() => {
  ;({ home, remove } = temporaryHome())
  lab = openLab(home)
})
afterAll(async () => {
  await lab.close()
  remove()
})

const stepsOf = (run: number) => lab.request('runs.steps', { run, from: 1, to: 1e9 })

async function train(input: RequestInput<'runs.start'>): Promise<number> {
  const { id } = await lab.request('runs.start', input)
  expect(await until(lab, id, ended)).toMatchObject({ state: 'done', problem: null })
  return id
}

describe('a run that is spread over two processes', () => {
  it('has the losses and norms of one process, and is listened to on the loopback alone', async () => {
    const alone = await train(asked(undefined))
    const { id } = await lab.request('runs.start', asked(2))
    await until(lab, id, ({ progress }) => progress.step >= 1)
    const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.split(/\s+/)[4] === '0A')
        .map((line) => line.split(/\s+/)[2]!),
    )
    const opened = new Set(hosts().flatMap(portsOf))
    const own = listening.filter((address) => opened.has(address))
    expect(own.length).toBeGreaterThanOrEqual(2)
    for (const address of own) expect(address).toMatch(/^(0100007F|0000000000000000FFFF00000100007F):/)
    expect(await until(lab, id, ended)).toMatchObject({ state: 'done', problem: null })
    const [expected, found] = [await stepsOf(alone), await stepsOf(id)]
    expect(found).toHaveLength(20)
    found.forEach((step, i) => {
      const one = expected[i]!
      for (const [value, right] of [
        [step.loss, one.loss],
        [step.gradientNorm, one.gradientNorm],
        ...[...step.norms].map((norm, k) => [norm, one.norms[k]!]),
      ])
        // prettier-ignore
        expect(Math.abs(value! - right!) / right!, `step ${step.step}`).toBeLessThan(1e-5)
      expect(step.accuracy).toBeCloseTo(one.accuracy, 6)
    })
  })

  it('goes on from its last checkpoint where one of them is killed, to the same records', async () => {
    const input = asked(2, { epochs: 40, checkpoint: { every: 3 } })
    const { id } = await lab.request('runs.start', input)
    await until(lab, id, ({ progress }) => progress.step >= 10)
    const second = Math.max(...hosts())
    expect(second).not.toBe(lab.enginePid)
    process.kill(second, 'SIGKILL')
    const { state, notices } = await until(lab, id, ended)
    expect(state).toBe('done')
    expect(notices[0]!.message).toBe(
      'process 2 of 2 of the run is gone: the engine process was killed (SIGKILL); the run goes on from its last checkpoint',
    )
    expect(notices.some(({ message }) => /came out otherwise/.test(message))).toBe(false)
    expect((await stepsOf(id)).map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  })

  it('is refused where its batch cannot be shared evenly', async () => {
    await expect(lab.request('runs.start', asked(3))).rejects.toThrow(
      'training.batch: a batch of 32 images cannot be shared evenly by 3 processes; use a batch of 30 or 33, or another number of processes',
    )
  })
})

const socketsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
    } catch {
      return []
    }
  })

/** Local addresses of the sockets that a process has open, as /proc/net/tcp writes them. */
function portsOf(pid: number): string[] {
  const files = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
  const inodes = new Set(socketsOf(pid))
  return files.flat().flatMap((line) => {
    const words = line.trim().split(/\s+/)
    return inodes.has(words[9] ?? '') ? [words[1]!] : []
  })
}
