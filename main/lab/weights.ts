import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { RequestReceived } from '../../shared/api'
import { expand } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { UserError } from '../../shared/errors'
import { parameterLayout } from '../engine/graph/layout'
import type { WeightsChoice } from '../engine/questions'
import { checkWeights } from '../engine/weights'
import { type Checkpoints, startWeightsFile } from '../store/checkpoints'
import { libraryItem, setItemWeights } from '../store/library'
import { SafetensorsReader } from '../formats/safetensors'
import type { Store } from '../store/store'
import { copyWeights, hashFile, itemWeightsFile, keepWeights, type NamedWeights, weightsFolder } from '../store/weight-files'
import type { Handlers } from './boundary'
import type { Ask, EngineRequest } from './engine-handlers'

export interface WeightsWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly ask: Ask
}

type WeightsRequest = Exclude<Extract<keyof Handlers, `weights.${string}`>, EngineRequest>

/** What the lab answers about the weights that it keeps. */
export function weightsHandlers(world: WeightsWorld): Pick<Handlers, WeightsRequest> {
  const { store } = world
  return {
    async 'weights.import'({ item, file, map }) {
      const { document, weights } = libraryItem(store, item)
      if (document.format === 'normlab/block')
        throw new UserError(`item ${item} of the library is a block, and only networks have weights`, {
          remedy: 'choose a network',
        })
      const taken = await takeWeights(world, document, { file, map })
      const kept = itemWeightsFile(store.home, item, taken.hash)
      const bytes = keepWeights(taken, kept)
      const told = { name: path.basename(file), bytes, hash: taken.hash, at: new Date().toISOString() }
      const changed = setItemWeights(store, item, told)
      if (weights && weights.hash !== taken.hash) rmSync(itemWeightsFile(store.home, item, weights.hash), { force: true })
      return changed
    },
    'weights.forget'({ item }) {
      const { weights } = libraryItem(store, item)
      const changed = setItemWeights(store, item, null)
      if (weights) rmSync(itemWeightsFile(store.home, item, weights.hash), { force: true })
      return changed
    },
  }
}

/** Weights that lie in the data folder, with the network that they are of. */
export function keptWeights(
  store: Store,
  checkpoints: Checkpoints,
  from: { readonly run: number; readonly step?: number | undefined } | { readonly item: number },
): { network: unknown; file: string; name?: string } {
  if ('item' in from) {
    const { file, name } = itemWeights(store, from.item)
    return { network: libraryItem(store, from.item).document, file, name }
  }
  const { network } = store.runs.configuration(from.run)
  const { file, step } = checkpointAt(store, checkpoints, from)
  return { network, file, name: `the checkpoint of run ${from.run} after step ${step}` }
}

/** The file of weights that the recorder of a run kept. @throws UserError where there is none. */
export function recordedWeights(
  store: Store,
  checkpoints: Checkpoints,
  from: { readonly run: number; readonly step?: number | undefined },
): { file: string; name: string } {
  if (checkpoints.of(from.run).files.length === 0)
    throw new UserError(`run ${from.run} has no weights`, { remedy: 'keep some where it is trained: recorder.weights()' })
  const { file, step } = checkpointAt(store, checkpoints, from)
  return { file, name: `the weights of run ${from.run} after step ${step}` }
}

/**
 * The checkpoint of a run after this step; the newest where none is said.
 * @throws UserError where there is none.
 */
export function checkpointAt(
  store: Store,
  checkpoints: Checkpoints,
  { run, step }: { readonly run: number; readonly step?: number | undefined },
): { file: string; step: number } {
  const stored = store.steps.lastNumber(run)
  const files = checkpoints.of(run).files.filter((one) => one.step <= stored)
  const wanted = step === undefined ? files[0] : files.find((one) => one.step === step)
  if (wanted) return wanted
  if (files.length > 0)
    throw new UserError(`run ${run} has no checkpoint after step ${step}`, {
      remedy: `choose one of ${files.map((one) => one.step).join(', ')}`,
    })
  throw new UserError(`run ${run} has no checkpoint yet`, { remedy: 'wait for its first one, or export its initial values' })
}

/** A file of weights in the data folder. */
interface KeptWeights extends NamedWeights {
  readonly hash: string
}

/**
 * The file of a library item's weights.
 * @throws UserError where it has none.
 */
export function itemWeights(store: Store, item: number): KeptWeights {
  const { weights, name } = libraryItem(store, item)
  const place = `item ${item} of the library, "${name}"`
  if (!weights) throw new UserError('it has no weights', { place, remedy: 'import some for it first' })
  const file = itemWeightsFile(store.home, item, weights.hash)
  if (!existsSync(file)) throw new UserError('the file of its weights is gone', { place, remedy: 'import them again' })
  return { file, hash: weights.hash, name: weights.name }
}

/** Weights that a run is to begin with. */
export interface StartWeights {
  readonly file: string
  readonly hash: string
  /** Puts them beside a run's checkpoints. */
  give(run: number): void
  /** Lets go of what was made on the way. */
  release(): void
}

/** @throws UserError where there are none, or they do not fit the network. */
export async function startWeights(
  world: WeightsWorld,
  from: NonNullable<RequestReceived<'runs.start'>['weights']>,
  network: NetworkDocument,
): Promise<StartWeights> {
  const { store, checkpoints } = world
  const give = (weights: NamedWeights) => (run: number) => copyWeights(weights, startWeightsFile(checkpoints.of(run).folder))
  if ('file' in from) {
    const taken = await takeWeights(world, network, from)
    return { ...taken, give: give(taken), release: () => rmSync(taken.file, { force: true }) }
  }
  const found = 'item' in from ? itemWeights(store, from.item) : runWeights(store, checkpoints, from.run)
  const reader = SafetensorsReader.open(found.file, found.name)
  try {
    checkWeights(reader, parameterLayout(expand(network)))
  } finally {
    reader.close()
  }
  return { ...found, give: give(found), release: () => undefined }
}

/** The file that a run began with. */
function runWeights(store: Store, checkpoints: Checkpoints, run: number): KeptWeights {
  const { weights: hash } = store.runs.configuration(run)
  if (hash === undefined)
    throw new UserError(`run ${run} began with initial values and not with weights`, {
      remedy: 'take its seed and its initialisation instead',
    })
  const file = startWeightsFile(checkpoints.of(run).folder)
  if (!existsSync(file))
    throw new UserError(
      `the weights that run ${run} began with are not in this data folder, since a bundle does not carry them`,
      {
        remedy: 'bring them from where it was trained',
      },
    )
  return { file, hash, name: `the weights that run ${run} began with` }
}

/**
 * Takes a network's parameters out of somebody's file, in a process that may die of it.
 *
 * @returns a file in the data folder that is the caller's to move or remove.
 */
async function takeWeights(
  { store, ask }: WeightsWorld,
  network: NetworkDocument,
  { file, map }: WeightsChoice,
): Promise<KeptWeights> {
  const aside = path.join(weightsFolder(store.home), `${randomBytes(8).toString('hex')}.part`)
  await ask('copy-weights', { network, file, map, out: aside, isKept: true })
  return { file: aside, hash: hashFile(aside, file), name: file }
}
