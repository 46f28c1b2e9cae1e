import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { summarise } from '../../../main/lab/summary'
import { writeBundle } from '../../../main/store/bundle'
import { readBundle } from '../../../main/store/bundle-import'
import { Checkpoints } from '../../../main/store/checkpoints'
import { annotations } from '../../../main/store/notes'
import { Store } from '../../../main/store/store'
import { python } from '../support/recorder'

/** A training of two units that takes norms from its own program; the steps' norms are 4/s, 2/s, 1/s. */
const PROGRAM = `
import sys
from normlab_recorder import Recorder
with Recorder(sys.argv[1], name="by hand", network="Tiny", data="made up", seed=7, units=["first", "second"], settings={"batch": 16, "clip": "none"}) as recorder:
    for step in range(1, 5):
        recorder.step(loss=-1 / step if step > 1 else float("nan"), accuracy=0.25 * step, rate=0.1, norms=[4 / step, 2 / step, 1 / step], gradient_norm=float("inf"))
        if step == 2:
            recorder.epoch(test_loss=0.5, test_accuracy=0.75)
    recorder.note("it ends here", unit="second")
`

/** Where the program's bundle is, from which each test has its own. */
let programs: string
let folder: string
let store: Store
let file: string
beforeAll(() => {
  programs = mkdtempSync(path.join(tmpdir(), 'normlab-recorded-'))
  python(PROGRAM, [path.join(programs, 'run.normlab')])
})
afterAll(() => rmSync(programs, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-recorded-'))
  store = new Store(path.join(folder, 'home'))
  file = path.join(folder, 'run.normlab')
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})
const record = (): void => copyFileSync(path.join(programs, 'run.normlab'), file)
const bring = (from = file, to = store): number => readBundle(to, new Checkpoints(to.home), from, () => [])
const change = (sql: string, ...values: unknown[]): void => {
  const bundle = new Database(file)
  bundle.prepare(sql).run(...values)
  bundle.close()
}

describe('a run that a recorder wrote', () => {
  it('comes in with its records, and what follows from them', () => {
    record()
    const run = bring()
    const [first, second] = store.steps.between(run, 1, 2)
    expect(first).toMatchObject({ step: 1, epoch: 1, loss: NaN, accuracy: 0.25, rate: 0.1, gradientNorm: Infinity })
    expect([...first!.norms]).toEqual([4, 2, 1])
    expect(second!.loss).toBe(-0.5)
    const [tested, rest] = store.epochs.all(run)
    expect(tested).toMatchObject({ epoch: 1, firstStep: 1, lastStep: 2, testLoss: 0.5, testAccuracy: 0.75, measured: 2 })
    expect([...tested!.ratios.mean]).toEqual([2, 2])
    // Steps behind the last epoch that it told are one of their own.
    expect(rest).toMatchObject({ epoch: 2, firstStep: 3, lastStep: 4, testLoss: null, trainAccuracy: 0.875 })
    expect(annotations(store, run)).toMatchObject([{ step: 4, unit: 1, text: 'it ends here' }])
  })

  it('tells where it comes from and what its program told, and no usual value beside it', () => {
    record()
    const summary = summarise(store.runs.get(bring()), undefined, null, store)
    expect(summary).toMatchObject({ name: 'by hand', state: 'done', network: 'Tiny', dataset: 'made up', seed: 7, unitCount: 2 })
    expect(summary.origin).toMatchObject({ kind: 'recorder', settings: { batch: 16, clip: 'none', seed: 7 } })
    expect(
      Object.keys(summary.settings)
        .filter((path) => !path.startsWith('origin.'))
        .sort(),
    ).toEqual([...['clip', 'data.name', 'seed', 'training.batch']])
    expect(summary.measures.chainRatio).toBe(4)
  })

  it('is a run of no network: what needs one is refused in a sentence', () => {
    record()
    const run = bring()
    expect(() => store.runs.configuration(run)).toThrow(/was recorded elsewhere .*neither its network nor its data/)
    expect(store.runs.readConfiguration(run).problems).toEqual([])
  })

  it('goes on to a third machine as a bundle, the same', () => {
    record()
    const run = bring()
    const again = path.join(folder, 'again.normlab')
    writeBundle(store, new Checkpoints(store.home), run, again, '')
    const there = new Store(path.join(folder, 'there'))
    const brought = bring(again, there)
    expect(there.steps.between(brought, 1, 9)).toEqual(store.steps.between(run, 1, 9))
    expect(there.epochs.all(brought)).toEqual(store.epochs.all(run))
    expect(there.runs.get(brought).origin).toEqual(store.runs.get(run).origin)
    there.close()
  })

  it('is there up to the last second of a program that was killed', () => {
    const killed = `
import os, sys, time
from normlab_recorder import Recorder
recorder = Recorder(sys.argv[1], units=["one"])
for step in range(3):
    recorder.step(loss=1.0, norms=[2.0, 1.0])
while len(__import__("sqlite3").connect(sys.argv[1]).execute("SELECT * FROM steps").fetchall()) < 3:
    time.sleep(0.05)
os.kill(os.getpid(), 9)
`
    expect(() => python(killed, [file])).toThrow()
    const run = bring()
    expect(store.runs.get(run)).toMatchObject({ state: 'interrupted', network: 'not told' })
    expect(store.steps.count(run)).toBe(3)
  })

  it('is refused where something in it does not fit, and nothing of it stays', () => {
    record()
    change(`UPDATE manifest SET json = json_set(json, '$.configuration.origin.kind', 'rumour')`)
    expect(() => bring()).toThrow(/origin/)
    change(`UPDATE manifest SET json = json_set(json, '$.configuration.origin.kind', 'recorder')`)
    change(`UPDATE steps SET norms = x'00' WHERE step = 2`)
    expect(() => bring()).toThrow(/table of steps, row 2: norms must have 3 values/)
    expect(store.runs.all()).toEqual([])
  })
})

describe('the recorder', () => {
  it('refuses what it cannot write down, in a sentence', () => {
    const program = `
import json, sys
from normlab_recorder import *
def norms():
    with Recorder(sys.argv[1], units=["a"]) as recorder:
        recorder.step(norms=[1.0])
def said(what):
    try:
        what()
    except RecorderError as error:
        return str(error)
print(json.dumps([said(what) for what in [
    lambda: Recorder(sys.argv[1], every=0),
    lambda: Recorder("/nowhere/at/all.normlab"),
    lambda: Recorder(sys.argv[1], units=["a", "a"]),
    norms,
    lambda: Recorder(sys.argv[1]),
]]))
`
    expect(JSON.parse(python(program, [file]))).toEqual([
      expect.stringContaining('every must be a whole number of 1 or more'),
      expect.stringContaining('there is no such folder'),
      expect.stringContaining('names that differ'),
      expect.stringContaining('1 norms were given for 1 units'),
      expect.stringContaining('there is such a file already'),
    ])
  })

  it('goes on after an entry that no file can hold, and says so', () => {
    const program = `
import sys, warnings
import normlab_recorder
class Large:
    def numel(self):
        return 10**9
recorder = normlab_recorder.Recorder(sys.argv[1], name="n\\udc80", units=["a"])
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    recorder.step(loss=1.0, norms=[2.0, 1.0])
    recorder.note("file \\udc80.png")
    recorder._writer.put(("weights", 1, ([], [("w", [10**9], Large())])))
    recorder._writer.put(("note", 1, object(), "about no unit", ""))
    recorder.step(loss=1.0, norms=[2.0, 1.0])
    recorder.close()
print(*sorted(str(one.message) for one in told))
`
    expect(python(program, [file])).toMatch(/the note at step 1 cannot .*the weights after step 1 cannot be written .*4\.0 GB/)
    const run = bring()
    expect(store.runs.get(run)).toMatchObject({ name: 'n?', state: 'done' })
    expect(store.runs.get(run).notices).toHaveLength(2)
    expect(store.steps.count(run)).toBe(2)
    expect(annotations(store, run)).toMatchObject([{ text: 'file ?.png' }])
  })

  it('goes on where warnings are errors, and where weights find no room on the disk', () => {
    const program = `
import io, sys
import normlab_recorder
sys.stderr = io.StringIO()
normlab_recorder._safetensors = lambda *_: bytes(10**6)
recorder = normlab_recorder.Recorder(sys.argv[1], units=["a"])
recorder._writer.store.execute("PRAGMA max_page_count = 100")
recorder._writer.put(("weights", 0, ([], [])))
recorder.step(loss=1.0, norms=[2.0, 1.0])
recorder.close()
print(sys.stderr.getvalue())
`
    expect(python(program, [file])).toMatch(/cannot be written: .*full/)
    expect(store.steps.count(bring())).toBe(1)
  })

  it('keeps no accuracy of a run that tells them in percent, the first ones among them', () => {
    const program = `
import sys, warnings
from normlab_recorder import Recorder
warnings.simplefilter("ignore")
with Recorder(sys.argv[1], units=["a"]) as recorder:
    for percent in (0.4, 0.9, 12, 50, 0.7):
        recorder.step(loss=1.0, accuracy=min(1.0000001, percent), norms=[2.0, 1.0])
        recorder.epoch(test_loss=1.0, test_accuracy=percent)
`
    python(program, [file])
    const run = bring()
    expect(store.epochs.all(run).map(({ testLoss, testAccuracy }) => [testLoss, testAccuracy])).toEqual(Array(5).fill([1, NaN]))
    expect(store.steps.between(run, 1, 9).map(({ accuracy }) => accuracy)).toEqual([0.4, 0.9, 1, 1, 0.7])
    expect(store.runs.get(run).notices).toMatchObject([{ step: 3, message: expect.stringMatching(/^test_accuracy is 12;/) as string }]) // prettier-ignore
  })

  it('tells a lab every note once, and reads no weights that it has', () => {
    const program = `
import sys
import normlab_recorder
normlab_recorder._safetensors = lambda _, step, __: b"weights %d" % step
normlab_recorder.MESSAGE_NOTES = 3
recorder = normlab_recorder.Recorder(sys.argv[1], units=["a"])
recorder.step(loss=1.0, norms=[2.0, 1.0])
for step in range(3):
    recorder._writer.put(("weights", step, ([], [])))
for note in range(10):
    recorder.note("note %d" % note)
recorder.close()
store = normlab_recorder.sqlite3.connect(sys.argv[1])
asked, notes = [], []
store.set_trace_callback(lambda sql: asked.append("SELECT data" in sql or "data FROM" in sql))
lab = normlab_recorder._Lab("", "")
has = {"step": 0, "epoch": 0, "weights": [0, 2]}
def put(path, data, kind=None):
    if kind is None:
        has["weights"].append(int(path.split("/")[-1]))
    else:
        told = normlab_recorder.json.loads(data.decode())
        has["step"] = max([has["step"]] + [one["step"] for one in told["steps"]])
        notes.extend(note["text"] for note in told["notes"])
    return has
lab._put = put
for _ in range(2):
    print(lab.send(store, recorder._writer.manifest), len(notes), len(set(notes)), sum(asked), has["weights"])
has.update(step=0)
print(lab.send(store, recorder._writer.manifest), len(notes))
`
    expect(python(program, [file]).trim().split('\n')).toEqual([...Array<string>(2).fill('True 10 10 1 [0, 2, 1]'), 'True 20'])
  })

  it('tells a lab that is not there of nothing, and never waits for it in a step', () => {
    const program = `
import sys, time, warnings
import normlab_recorder
normlab_recorder.PATIENCE_SECONDS = 0.5
warnings.simplefilter("always")
recorder = normlab_recorder.Recorder(sys.argv[1], units=["a"], lab="http://127.0.0.1:9", token="x")
began = time.perf_counter()
for step in range(200):
    recorder.step(loss=1.0, norms=[2.0, 1.0])
print(time.perf_counter() - began < 1)
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    recorder.close()
print(len(told), told[0].message)
`
    const said = python(program, [file])
    expect(said).toMatch(/^True\n1 .*did not take all of .*it does not answer.*sends it later/)
    expect(store.steps.count(bring())).toBe(200)
  })
})
