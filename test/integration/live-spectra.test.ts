import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spectrum } from '../../main/engine/tasks/kernels'
import type { OpenLab } from '../../main/lab'
import { SafetensorsReader } from '../../main/formats/safetensors'
import type { RunSpectra, SubscriptionEvent } from '../../shared/api'
import { shortestSingles } from '../../shared/float32'
import { LIVE_FIGURES, LIVE_QUANTILES, LIVE_VALUES } from '../../shared/spectra/live'
import { ended, jsonLines, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
/** Of runs that later tests look at again. */
let [followed, unfollowed] = [0, 0]
beforeAll(() => {
  lab = openLab(home)
})
afterAll(async () => {
  await lab.close()
  remove()
})

const start = async (training: Parameters<typeof tiny>[0]): Promise<number> =>
  (await lab.request('runs.start', tiny(training))).id
const steps = ({ records }: RunSpectra): number[] => records.map(({ step }) => step)
const losses = async (run: number): Promise<number[]> =>
  (await lab.request('runs.steps', { run, from: 1, to: 1000 })).map(({ loss }) => loss)

/** The tensors of a run's newest checkpoint. */
function weights(run: number, step: number): { file: string; bytes: Map<string, string> } {
  const file = path.join(home, 'checkpoints', String(run), `step-${String(step).padStart(8, '0')}.safetensors`)
  const reader = SafetensorsReader.open(file)
  try {
    const bytes = reader.tensors.map(
      ({ name }) => [name, Buffer.from(new Uint8Array(reader.readFloats(name).slice().buffer)).toString('base64')] as const,
    )
    return { file, bytes: new Map(bytes) }
  } finally {
    reader.close()
  }
}

describe('spectra while a run trains', () => {
  it('are told as they come, at the beginning, as often as asked and at the end, and are those of the weights', async () => {
    const id = (followed = await start({ spectra: { every: 2, share: 1 } }))
    const heard: SubscriptionEvent<'runs.watch-spectra'>['records'] = []
    lab.subscribe('runs.watch-spectra', { run: id }, ({ records }) => heard.push(...records))
    const { notices } = await until(lab, id, ended)
    const found = await lab.request('runs.spectra', { run: id })
    expect(found.layers.map(({ kind }) => kind)).toEqual([...Array<string>(found.layers.length - 1).fill('convolution'), 'dense'])
    expect(steps(found)[0]).toBe(0)
    expect(steps(found)[found.records.length - 1]).toBe(8)
    const left = notices.filter(({ message }) => message.includes('looks at the spectra were left out'))
    const skipped = found.records.reduce((sum, record) => sum + record.skipped, 0)
    expect(found.records.length + skipped).toBe(5)
    expect(left.length).toBe(skipped > 0 ? 1 : 0)
    expect(heard.map(({ step }) => step)).toEqual(steps(found).slice(-heard.length))
    const { file } = weights(id, 8)
    const last = found.records[found.records.length - 1]!.values
    const at = found.layers.findIndex(({ kind }) => kind === 'dense')
    const whole = spectrum({ weights: file, tensor: `${found.layers[at]!.name}.kernel` })
    const values = 'singularValues' in whole ? whole.singularValues : new Float32Array()
    const own = last.subarray(at * LIVE_VALUES, (at + 1) * LIVE_VALUES)
    expect(own[0]).toBeCloseTo(values[0]!, 4)
    expect(own[LIVE_QUANTILES - 1]).toBeCloseTo(values[values.length - 1]!, 4)
    expect(own[LIVE_QUANTILES + LIVE_FIGURES.indexOf('condition')]).toBeCloseTo(values[0]! / values[values.length - 1]!, 2)
    expect(last.every((value) => value >= 0)).toBe(true)
  })

  it('change nothing of the run: the same steps and weights with and without, broken off and gone on with', async () => {
    const [plain, looked] = [await start({ epochs: 3 }), await start({ epochs: 3, spectra: { every: 1 } })]
    const broken = await start({ epochs: 1, spectra: { every: 1, epochs: 1 }, checkpoint: { every: 2 } })
    unfollowed = plain
    for (const run of [plain, looked, broken]) await until(lab, run, ended)
    await lab.request('runs.resume', { run: broken, epochs: 3 })
    await until(lab, broken, (summary) => ended(summary) && summary.progress.step === 12)
    for (const run of [looked, broken]) {
      expect(await losses(run)).toEqual(await losses(plain))
      expect(weights(run, 12).bytes).toEqual(weights(plain, 12).bytes)
    }
    const found = await lab.request('runs.spectra', { run: broken })
    expect(steps(found)).toEqual([...new Set(steps(found))].sort((a, b) => a - b))
    expect(steps(found)).toContain(12)
  })

  it('keep to their share of the processor, leave out what falls due meanwhile, say so, and are paused and stopped with the run', async () => {
    const id = await start({ epochs: 100_000, spectra: { every: 1, share: 0.1 } })
    await new Promise<void>((resolve) => {
      const heard: number[] = []
      lab.subscribe('runs.watch-spectra', { run: id }, ({ records }) => {
        if (heard.push(...records.map(({ step }) => step)) >= 3) resolve()
      })
    })
    await lab.request('runs.pause', { run: id })
    await until(lab, id, ({ state }) => state === 'paused')
    await lab.request('runs.resume', { run: id })
    const from = (await until(lab, id, ({ state }) => state === 'running')).progress.step
    await until(lab, id, ({ progress }) => progress.step > from + 3)
    await lab.request('runs.stop', { run: id })
    const { notices, state } = await until(lab, id, ended)
    expect(state).toBe('stopped')
    const { records, share, taken } = await lab.request('runs.spectra', { run: id })
    expect(share).toBe(0.1)
    expect(taken).toBeGreaterThan(0)
    for (const { cpuMs, wallMs } of records) expect(cpuMs).toBeLessThanOrEqual(1.01 * share * wallMs)
    expect(records.reduce((sum, { skipped }) => sum + skipped, 0)).toBeGreaterThan(0)
    // Those that were left out fell due between the look before and this one.
    const apart = Number(/looked at every (\d+) steps/.exec(notices.map(({ message }) => message).join())![1])
    records.slice(1).forEach(({ step, skipped }, i) => expect(skipped).toBe((step - records[i]!.step) / apart - 1))
    expect(notices.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^\d+ of \d+ looks at the spectra were left out, as their thread was busy/),
    )
  })

  it('end with a run that diverges', async () => {
    const diverging = await start({ epochs: 50, rate: 1e6, spectra: { every: 1 } })
    expect((await until(lab, diverging, ended)).state).toBe('failed')
  })

  it('are of the layers that were asked for, and refused where there are none such', async () => {
    const id = await start({ spectra: { every: 4, layers: ['head*'] } })
    await until(lab, id, ended)
    expect((await lab.request('runs.spectra', { run: id })).layers.map(({ kind }) => kind)).toEqual(['dense'])
    await expect(start({ spectra: { every: 4, layers: ['stage9.*'] } })).rejects.toThrow(
      'no convolution or dense layer is called "stage9.*"',
    )
    expect(await lab.request('runs.spectra', { run: unfollowed })).toMatchObject({ layers: [], records: [], taken: null })
  })

  it('go with the run in its bundle, its JSON and what the command line shows', async () => {
    const id = followed
    const own = await lab.request('runs.spectra', { run: id })
    const file = path.join(home, 'run.normlab')
    await lab.request('runs.export', { run: id, out: file, format: 'bundle' })
    const { id: copy } = await lab.request('runs.import', { file })
    expect(await lab.request('runs.spectra', { run: copy })).toEqual(own)
    rmSync(file)
    const json = path.join(home, 'run.json')
    await lab.request('runs.export', { run: id, out: json, format: 'json' })
    const { spectra } = JSON.parse(readFileSync(json, 'utf8')) as { spectra: { step: number; layers: object[] }[] }
    expect(spectra.map(({ step }) => step)).toEqual(steps(own))
    const last = own.records[own.records.length - 1]!
    expect(spectra[spectra.length - 1]!.layers[0]).toMatchObject({
      name: own.layers[0]!.name,
      largest: shortestSingles(last.values)[0],
    })
    const shown = await normlab(['runs', 'show', String(id), '--spectra', '--json'], home)
    expect(shown.status).toBe(0)
    expect(jsonLines(shown.stdout).map(({ step }) => step)).toEqual(steps(own).flatMap((step) => own.layers.map(() => step)))
  })
})
