import path from 'node:path'
import { elements } from '../../shared/ops/op'
import { BatchSampler } from '../../main/datasets/batches'
import { Catalogue } from '../../main/datasets/catalogue'
import { BatchesAhead } from '../../main/engine/batches/ahead'
import { BatchesInStep, type BatchSource } from '../../main/engine/batches/source'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { Configuration } from '../../shared/configuration'
import { median } from './figures'

/**
 * Times one network's step on batches that a thread prepares, on batches that the step fills, and on one that stays the same, in turn within
 * one process; prints one JSON object.
 *   tsx build/bench/data-step.ts PRESET BATCH ROUNDS HOME
 */

export interface DataTimes {
  /** Milliseconds of a step, median of a round. */
  readonly constant: readonly number[]
  readonly ahead: readonly number[]
  readonly inStep: readonly number[]
  /** Share of a round's steps that they waited. */
  readonly waitedAhead: readonly number[]
  readonly waitedInStep: readonly number[]
  /** Of batches that are filled one after another, with nothing beside. */
  readonly imagesPerSecond: readonly number[]
}

/** A round takes turns so often, each time so many steps of each kind, so that all kinds meet the same machine. */
const [TURNS, STEPS] = [12, 3]

const never = (): boolean => false

async function measure(preset: string, batch: number, rounds: number, home: string): Promise<DataTimes> {
  const dataFolder = path.join(home, 'datasets')
  const configuration = Configuration.parse({
    network: networkFromPreset(preset),
    data: { name: 'noise' },
    training: { batch, augmentation: { flip: true, crop: 4, padding: 'zero' } },
  })
  const network = expand(configuration.network)
  const data = new Catalogue(dataFolder).open(configuration.data)
  const session = new NetworkSession(network, { batch, optimiser: configuration.training })
  session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 0))
  const sampler = (): BatchSampler => new BatchSampler(data.train.length, batch, configuration.seed)
  const pixels = elements(data.train.shape)
  const thread = path.resolve(__dirname, '../../out/main/engine/batch-thread.js')
  const ahead = new BatchesAhead({ configuration, dataFolder }, { batch, pixels }, sampler(), thread)
  const inStep = new BatchesInStep(configuration, data, sampler())
  for (const source of [ahead, inStep]) source.begin(undefined, 0, 1e9)
  const first = await inStep.next()
  const same = { images: first.images.slice(), labels: first.labels.slice() }

  const found = { constant: [], ahead: [], inStep: [], waitedAhead: [], waitedInStep: [], imagesPerSecond: [] } as {
    [name in keyof DataTimes]: number[]
  }
  const kinds = [undefined, ahead, inStep] as const
  const ms = new Map<BatchSource | undefined, number[]>()
  const waited = new Map<BatchSource | undefined, number>()
  const turn = async (kind: BatchSource | undefined): Promise<void> => {
    for (let i = 0; i < STEPS; i++) {
      const began = performance.now()
      const given = kind && (await (kind as BatchSource).next(never))
      session.step(given ?? same, 0.01)
      ms.set(kind, [...(ms.get(kind) ?? []), performance.now() - began])
      waited.set(kind, (waited.get(kind) ?? 0) + (given?.waitedMs ?? 0))
    }
  }
  for (const kind of kinds) for (let i = 0; i < 2; i++) await turn(kind)
  for (let round = 0; round < rounds; round++) {
    ms.clear()
    waited.clear()
    // Each kind follows each other one as often.
    for (let i = 0; i < TURNS; i++) for (let j = 0; j < kinds.length; j++) await turn(kinds[(i + j) % kinds.length])
    const step = (kind: BatchSource | undefined): number => median(ms.get(kind)!)
    const share = (kind: BatchSource): number => waited.get(kind)! / ms.get(kind)!.reduce((sum, one) => sum + one, 0)
    found.constant.push(step(undefined))
    found.ahead.push(step(ahead))
    found.inStep.push(step(inStep))
    found.waitedAhead.push(share(ahead))
    found.waitedInStep.push(share(inStep))
    const began = performance.now()
    for (let i = 0; i < TURNS * STEPS; i++) await inStep.next()
    found.imagesPerSecond.push((1000 * TURNS * STEPS * batch) / (performance.now() - began))
  }
  ahead.close()
  session.close()
  data.close()
  return found
}

const [preset, batch, rounds, home] = process.argv.slice(2) as [string, string, string, string]
void measure(preset, Number(batch), Number(rounds), home).then((found) => process.stdout.write(`${JSON.stringify(found)}\n`))
