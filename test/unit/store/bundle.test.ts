import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectNetwork, resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import type { EpochRecord, StepRecord } from '../../../shared/records'
import { writeBundle } from '../../../main/store/bundle'
import { readBundle } from '../../../main/store/bundle-import'
import { CHECKPOINT_FORMAT, digestOf } from '../../../main/store/checkpoint-digest'
import { writeSafetensors } from '../../../main/formats/safetensors'
import { Checkpoints, checkpointFile } from '../../../main/store/checkpoints'
import { annotate, annotations, markRuns } from '../../../main/store/notes'
import { STRETCH } from '../../../main/store/packed-curves'
import { curves, shareWithinBound, unitRatio } from '../../../main/store/series'
import { Store } from '../../../main/store/store'

const { document } = resolveNetwork('proc-resnet:blocks=1,planes=2/4', { input: [8, 8, 3], classes: 10 })
const { units, parameters } = inspectNetwork(document)
const configuration = Configuration.parse({ network: document, preset: 'proc-resnet:blocks=1,planes=2/4' })

const step = (n: number): StepRecord => ({
  ...{ step: n, epoch: 1, loss: 1 / n, accuracy: 0.5, rate: 0.1, ms: 20, waitedMs: n / 8, gradientNorm: n === 3 ? Infinity : 1 },
  norms: Float32Array.from({ length: units.length + 1 }, (_, l) => 1 + l + n / 7),
  activations: Float32Array.from({ length: units.length + 1 }, () => n),
  ...(n === 2 && {
    signal: Float32Array.from({ length: 3 * units.length + 2 }, (_, i) => (i === 3 * units.length ? NaN : i / 3)),
  }),
})

let folder: string
let here: Store
let there: Store
let file: string
let run: number
const unitsOf = ({ network }: Configuration) => inspectNetwork(network).units

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-bundle-'))
  here = new Store(path.join(folder, 'here'))
  there = new Store(path.join(folder, 'there'))
  file = path.join(folder, 'run.normlab')
  run = here.runs.create({ name: 'carried', configuration, units, parameters, versions: {}, owner: null, ownerPid: null })
  here.append(run, [step(1), step(2), step(3)], [])
  here.runs.update(run, { state: 'done' })
})
afterEach(() => {
  here.close()
  there.close()
  rmSync(folder, { recursive: true })
})
const bring = (from = file): number => readBundle(there, new Checkpoints(there.home), from, unitsOf)

describe('a bundle', () => {
  it('carries a run to another data folder: records, words, weights, bit by bit', () => {
    const checkpoints = new Checkpoints(here.home)
    markRuns(here, { runs: [run], addTags: ['good', 'wide'], note: 'keep' })
    annotate(here, { run, step: 2, unit: 1, text: 'a dip' })
    expect(writeBundle(here, checkpoints, run, file, 'hash')).toBe(3)
    const brought = bring()
    expect(there.steps.between(brought, 1, 3)).toEqual(here.steps.between(run, 1, 3))
    expect(curves(there, brought)).toEqual(curves(here, run))
    expect(annotations(there, brought)).toMatchObject([{ step: 2, unit: 1, text: 'a dip' }])
    expect(there.runs.get(brought)).toMatchObject({ name: 'carried', state: 'done', tags: ['good', 'wide'], note: 'keep' })
    expect(there.runs.configuration(brought)).toEqual(configuration)
  })

  it('carries checkpoints', () => {
    const checkpoints = new Checkpoints(here.home)
    const { folder: own } = checkpoints.of(run)
    // The engine makes the folder with its first checkpoint.
    mkdirSync(own, { recursive: true })
    const tensors = [{ name: 'head.kernel', shape: [2], data: Float32Array.of(1, 2) }]
    const metadata = { format: CHECKPOINT_FORMAT, progress: '{}', digest: digestOf(tensors) }
    writeSafetensors(checkpointFile(own, 3), tensors, metadata)
    const bytes = readFileSync(checkpointFile(own, 3))
    writeBundle(here, checkpoints, run, file, 'hash')
    const brought = bring()
    const [kept] = new Checkpoints(there.home).of(brought).files
    expect(kept?.step).toBe(3)
    expect(readFileSync(kept!.file)).toEqual(bytes)
    for (const [sql, what] of [
      ["x''", 'row 1: data must be a checkpoint of its network'],
      ["x'00112233445566778899aabbccddeeff'", 'row 1: this is no file of weights that is known'],
      ['CAST(substr(data, 1, length(data) - 3) AS BLOB)', 'row 1: .*cut short'],
      ["CAST(substr(data, 1, length(data) - 1) || x'07' AS BLOB)", 'row 1: the checkpoint is damaged: its digest does not fit'],
      ['zeroblob(30000000)', 'row 1: data must be a checkpoint of its network'],
    ] as const) {
      rmSync(file)
      writeBundle(here, checkpoints, run, file, 'hash')
      const database = new Database(file)
      database.exec(`UPDATE checkpoints SET data = ${sql}`)
      database.close()
      expect(() => bring(), sql).toThrow(new RegExp(`the table of checkpoints, ${what}.*--format bundle`))
    }
    expect(there.runs.all().map(({ id }) => id)).toEqual([brought])
    expect(readdirSync(new Checkpoints(there.home).folder)).toEqual([String(brought)])
  })

  it('is refused whole where it is none, is cut off, has foreign tables or records that do not fit', () => {
    writeFileSync(file, 'not a database at all')
    expect(() => bring()).toThrow(/run\.normlab: this is no bundle of a run/)
    rmSync(file)
    expect(() => bring()).toThrow('there is no such file')
    writeBundle(here, new Checkpoints(here.home), run, file, 'hash')
    const whole = readFileSync(file)
    const cut = path.join(folder, 'cut.normlab')
    writeFileSync(cut, whole.subarray(0, whole.length - 5000))
    expect(() => bring(cut)).toThrow(/damaged/)
    const change = (sql: string): string => {
      const spoilt = path.join(folder, 'spoilt.normlab')
      rmSync(spoilt, { force: true })
      writeFileSync(spoilt, whole)
      const database = new Database(spoilt)
      database.exec(sql)
      database.close()
      return spoilt
    }
    expect(() => bring(change('CREATE VIEW more AS SELECT 1'))).toThrow('tables are not those of a run')
    expect(() => bring(change("UPDATE steps SET norms = x'00'"))).toThrow('the table of steps, row 1: norms must have')
    expect(() => bring(change('INSERT INTO steps SELECT * FROM steps'))).toThrow('is there twice')
    for (const [sql, what] of [
      ['UPDATE steps SET accuracy = 1.5 WHERE step = 2', 'steps, row 2: accuracy must be a number from 0 to 1'],
      ['UPDATE steps SET loss = -1', 'steps, row 1: loss must be'],
      ['UPDATE steps SET ms = -1', 'steps, row 1: ms must be'],
      ['UPDATE steps SET waited = -1 WHERE step = 2', 'steps, row 2: waited must be'],
      [`UPDATE steps SET norms = CAST(x'000080bf' || substr(norms, 5) AS BLOB) WHERE step = 3`, 'steps, row 3: norms must be 0'],
      ['UPDATE scalars SET at = -5', 'scalars, row 1: at must be a time'],
      ["INSERT INTO annotations VALUES (1, NULL, 'a', 'yesterday')", 'annotations, row 1: at must be a time'],
      [
        "INSERT INTO epochs VALUES (9, 1, 3, 1, 1, 0, NULL, NULL, 1, x'', x'', x'', NULL, NULL)",
        'epochs, row 1: epoch must have a step',
      ],
      [
        "INSERT INTO epochs VALUES (1, 1, 9, 1, 1, 0, NULL, NULL, 1, x'', x'', x'', NULL, NULL)",
        'epochs, row 1: last_step must be a step',
      ],
      [
        "INSERT INTO epochs VALUES (1, 1, 3, 1, 1, 0, NULL, NULL, -1, x'', x'', x'', NULL, NULL)",
        'epochs, row 1: seconds must be',
      ],
      ["INSERT INTO epochs VALUES (1, 1, 3, 1, 1, 1, 1, 1, 1, x'', x'', x'', -1, 1)", 'epochs, row 1: copies must be a whole'],
      ["INSERT INTO epochs VALUES (1, 1, 3, 1, 1, 1, 1, 1, 1, x'', x'', x'', 1, 2)", 'epochs, row 1: other_accuracy must be'],
      ["UPDATE manifest SET json = json_set(json, '$.createdAt', 'soon')", 'createdAt: must be a time'],
      ["UPDATE manifest SET json = json_set(json, '$.configuration', 1)", 'normlab: the configuration cannot be read'],
      ["UPDATE manifest SET json = '[1'", 'its manifest is no JSON object'],
    ] as const)
      expect(() => bring(change(sql)), sql).toThrow(new RegExp(what))
    expect(() => bring(change("UPDATE manifest SET json = json_set(json, '$.version', 99)"))).toThrow('another version')
    expect(() => bring(change("UPDATE manifest SET json = json_set(json, '$.configuration.training.batch', 0)"))).toThrow(
      'configuration.training.batch',
    )
    expect(there.runs.all()).toEqual([])
  })

  it('carries what tests came to without copies, and is taken in without where it is of an older version', () => {
    const statistics = { mean: new Float32Array(units.length), min: new Float32Array(units.length) }
    const tested: EpochRecord = {
      ...{ epoch: 1, firstStep: 1, lastStep: 3, trainLoss: 1, trainAccuracy: 0.5, testLoss: 1, testAccuracy: 0.5, seconds: 1 },
      ...{ withoutCopies: { copies: 2, accuracy: 0.25 }, ratios: { ...statistics, max: new Float32Array(units.length) } },
    }
    here.append(run, [], [tested])
    writeBundle(here, new Checkpoints(here.home), run, file, 'hash')
    expect(there.epochs.all(bring())[0]?.withoutCopies).toEqual({ copies: 2, accuracy: 0.25 })
    const database = new Database(file)
    database.exec(
      "ALTER TABLE steps DROP COLUMN signal; ALTER TABLE epochs DROP COLUMN copies; ALTER TABLE epochs DROP COLUMN other_accuracy; UPDATE manifest SET json = json_set(json, '$.version', 2)",
    )
    database.close()
    const brought = bring()
    expect(there.epochs.all(brought)[0]?.testAccuracy).toBe(0.5)
    expect(there.epochs.all(brought)[0]?.withoutCopies).toBeUndefined()
  })

  it('of the first version, which does not say how long steps waited, is taken in as it is', () => {
    writeBundle(here, new Checkpoints(here.home), run, file, 'hash')
    const database = new Database(file)
    database.exec(
      "ALTER TABLE steps DROP COLUMN waited; ALTER TABLE steps DROP COLUMN signal; ALTER TABLE epochs DROP COLUMN copies; ALTER TABLE epochs DROP COLUMN other_accuracy; UPDATE manifest SET json = json_set(json, '$.version', 1)",
    )
    database.close()
    const brought = bring()
    const steps = here.steps.between(run, 1, 3).map(({ waitedMs: _, signal: __, ...told }) => told)
    expect(there.steps.between(brought, 1, 3)).toEqual(steps)
    expect([...curves(there, brought).waited]).toEqual([NaN, NaN, NaN])
  })
})

describe('series', () => {
  it('of many steps are read from packed stretches as from rows, and follow a step that is taken otherwise', () => {
    const records = Array.from({ length: 2 * STRETCH }, (_, i) => step(i + 4))
    for (let i = 0; i < records.length; i += 1000) here.append(run, records.slice(i, i + 1000), [])
    expect(here.query('SELECT stretch FROM packed_curves')).toHaveLength(2)
    const fromPacked = curves(here, run)
    here.execute('DELETE FROM packed_curves')
    expect(curves(here, run)).toEqual(fromPacked)
    expect(here.query('SELECT stretch FROM packed_curves')).toHaveLength(2)
    expect(fromPacked.step.length).toBe(2 * STRETCH + 3)
    here.retake(run, [{ ...step(10), loss: 99 }])
    expect(curves(here, run).loss[9]).toBe(99)
  })

  it('are the same in parts as whole, wherever they are cut', () => {
    here.append(
      run,
      Array.from({ length: 2 * STRETCH }, (_, i) => step(i + 4)),
      [],
    )
    const whole = curves(here, run).loss
    for (const cuts of [[1, 2], [2], [STRETCH], [STRETCH + 1], [STRETCH, 2 * STRETCH], [2 * STRETCH + 3], [1e6]]) {
      const bounds = [0, ...cuts, undefined]
      const parts = bounds.slice(1).map((to, i) => curves(here, run, bounds[i]! + 1, to).loss)
      expect(Float32Array.from(parts.flatMap((part) => [...part]))).toEqual(whole)
    }
  })

  it('give one unit’s ratio and the share within the bound as the norms have them', async () => {
    const { ratio } = await unitRatio(here, run, 1)
    expect([...ratio]).toEqual([1, 2, 3].map((n) => Math.fround(step(n).norms[1]! / step(n).norms[2]!)))
    const { share } = await shareWithinBound(here, run, units, 1e6)
    expect([...share]).toEqual([1, 1, 1])
    expect([...(await shareWithinBound(here, run, units, 0)).share]).toEqual([0, 0, 0])
    // From a step on, as a page asks that has what was before it.
    expect(await unitRatio(here, run, 1, 3)).toEqual({ step: Float64Array.of(3), ratio: ratio.slice(2) })
    expect((await shareWithinBound(here, run, units, 1e6, 2)).step).toEqual(Float64Array.of(2, 3))
    expect((await unitRatio(here, run, 1, 4)).step).toHaveLength(0)
  })

  it('are derived again where they are of an older version, and keep when each step was stored', () => {
    const before = curves(here, run)
    here.execute('UPDATE scalars SET chain = 0; UPDATE runs SET scalars_version = 0')
    here.close()
    here = new Store(path.join(folder, 'here'))
    expect(curves(here, run)).toEqual(before)
    here.execute('DELETE FROM scalars; UPDATE runs SET scalars_version = 0')
    here.close()
    here = new Store(path.join(folder, 'here'))
    const { at, ...after } = curves(here, run)
    const { at: _, ...wanted } = before
    expect(after).toEqual(wanted)
    expect([...at]).toEqual([NaN, NaN, NaN])
  })
})
