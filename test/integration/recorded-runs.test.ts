import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { type OpenServer, serveLab } from '../../main/serve/server'
import { openLab, temporaryHome, until } from './lab-support'

/** A training that waits for a file before it goes on after its sixth step, and for another before it ends. */
const PROGRAM = `
import os, sys, time, warnings
import normlab_recorder
normlab_recorder.COMMIT_SECONDS = 0.05
warnings.simplefilter("ignore")
folder = os.path.dirname(sys.argv[1])
def wait(name):
    while not os.path.exists(os.path.join(folder, name)):
        time.sleep(0.02)
with normlab_recorder.Recorder(sys.argv[1], name="streamed", units=["a", "b"], lab=sys.argv[2], token=sys.argv[3]) as recorder:
    for step in range(1, 13):
        recorder.step(loss=1 / step, accuracy=0.5, norms=[4 / step, 2 / step, 1 / step])
        if step == 4:
            recorder.epoch(test_accuracy=0.5)
        if step == 6:
            wait("go-on")
    recorder.note("streamed to its end", unit="b")
    recorder.epoch(test_accuracy=91.3)
    wait("end")
`

let home: string
let remove: () => void
let lab: OpenLab
let server: OpenServer
const token = 'a'.repeat(64)
beforeEach(async () => {
  ;({ home, remove } = temporaryHome())
  await open(0)
})
afterEach(async () => {
  await close()
  remove()
})
async function open(port: number): Promise<void> {
  lab = openLab(home)
  server = await serveLab({ lab, pages: home, port, token, log: () => undefined })
}
async function close(): Promise<void> {
  await server.close()
  await lab.close()
}

function record(address = `http://127.0.0.1:${server.port}`, given = token) {
  const file = path.join(home, 'run.normlab')
  const env = { ...process.env, PYTHONPATH: path.resolve(__dirname, '../../recorder') }
  const child = spawn('python3', ['-c', PROGRAM, file, address, given], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const finished = new Promise<number | null>((resolve) => child.on('close', resolve))
  const say = (word: string): void => void spawn('touch', [path.join(home, word)])
  return { file, child, finished, say }
}
const steps = (run: number) => lab.request('runs.steps', { run, from: 1, to: 100 })

describe('a run that is trained elsewhere', () => {
  it('is live while it is recorded, and cannot be steered here', async () => {
    const { file, finished, say } = record()
    const live = await until(lab, 1, ({ last }) => last.step === 6)
    expect(live).toMatchObject({ name: 'streamed', state: 'running', origin: { kind: 'recorder' }, unitCount: 2 })
    await expect(lab.request('runs.stop', { run: 1 })).rejects.toThrow(/recorded elsewhere.*steer it where it is trained/)
    await expect(lab.request('runs.delete', { run: 1, now: true })).rejects.toThrow()
    say('go-on')
    say('end')
    expect(await finished).toBe(0)
    const done = await lab.request('runs.show', { run: 1 })
    expect(done).toMatchObject({ state: 'done', annotations: [{ step: 12, unit: 1 }], dataFault: null, hasWeights: false })
    const told = await steps(1)
    expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect([...told[3]!.norms]).toEqual([1, 0.5, 0.25])
    expect(await lab.request('runs.epochs', { run: 1 })).toMatchObject([
      { epoch: 1, lastStep: 4, testAccuracy: 0.5, testLoss: NaN, measured: 4 },
      { epoch: 2, firstStep: 5, lastStep: 12, testAccuracy: null },
    ])
    // What was left out is told here as in the program, and once.
    const leftOut = {
      step: 12,
      message: expect.stringMatching(/^test_accuracy is 91.3; .* all of the run are left out/) as string,
    }
    expect(done.notices).toMatchObject([leftOut])
    const again = await lab.request('runs.import', { file })
    expect(again.notices).toMatchObject([leftOut, { message: expect.stringMatching(/^run 1 is the same training/) as string }])
  })

  it('loses nothing where the lab is closed on the way and comes back', async () => {
    const { finished, say } = record()
    await until(lab, 1, ({ last }) => last.step === 6)
    const { port } = server
    await close()
    say('go-on')
    await open(port)
    expect(await lab.request('runs.show', { run: 1 })).toMatchObject({
      state: expect.stringMatching(/interrupted|running/) as string,
    })
    await until(lab, 1, ({ last, state }) => last.step === 12 && state === 'running')
    say('end')
    expect(await finished).toBe(0)
    expect(await steps(1)).toHaveLength(12)
    expect(await lab.request('runs.list', {})).toMatchObject([{ state: 'done' }])
  })

  it('is in its file whatever the lab says, and is sent later', async () => {
    const { file, finished, say } = record(undefined, 'wrong')
    say('go-on')
    say('end')
    expect(await finished).toBe(0)
    expect(existsSync(file)).toBe(true)
    expect(await lab.request('runs.list', {})).toEqual([])
    const address = `http://127.0.0.1:${server.port}`
    const env = { ...process.env, NORMLAB_TOKEN: token }
    for (let times = 0; times < 2; times++) {
      const child = spawn('python3', [path.resolve(__dirname, '../../recorder/normlab_recorder.py'), file, address], { env })
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    }
    expect(await lab.request('runs.list', {})).toMatchObject([{ id: 1, state: 'done', last: { step: 12 } }])
  })

  it('refuses what does not fit in a sentence, and stores nothing of it', async () => {
    const post = (body: unknown) =>
      fetch(`http://127.0.0.1:${server.port}/recorded`, {
        method: 'POST',
        headers: { 'x-normlab-token': token },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    for (const [body, sentence] of [
      ['{', /no JSON/],
      [{ manifest: {}, steps: [], epochs: [], notes: [] }, /version/],
      [{ manifest: {}, steps: [{ step: 0 }], epochs: [], notes: [] }, /step/],
    ] as const) {
      const answer = await post(body)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toMatch(sentence)
    }
    expect(await lab.request('runs.list', {})).toEqual([])
  })
})
