import path from 'node:path'
import { inspectNetwork, listPresets } from '../../shared/architecture'
import type { StartHost } from '../engine/hosts/host'
import { chosenEngine } from '../engine/packs/installed'
import type { Arrived, QuestionAnswer, QuestionInput, QuestionName } from '../engine/questions'
import { EngineSupervisor } from '../engine/supervisor'
import { writeFileElsewhere } from '../files/write-file'
import { ENGINE_LOG } from '../store/home'
import { initialAsked } from './asked-weights'
import type { Handlers } from './boundary'
import { InitialMeasures, type InitialWorld } from './initial-measures'
import { oneSpectrum } from './jacobians'
import { chooseNetwork } from './start'

/** A question to the engine. */
export type Ask = <N extends QuestionName>(name: N, input: QuestionInput<N>) => Promise<Arrived<QuestionAnswer<N>>>

/** What is answered without a run store. */
export type EngineRequest =
  | 'presets.list'
  | 'networks.inspect'
  | 'networks.evaluate'
  | 'networks.replay'
  | 'networks.initial'
  | 'networks.spectrum'
  | 'kernels.spectrum'
  | 'kernels.change'
  | 'datasets.list'
  | 'weights.export'
  | 'weights.map'

/** The engine's processes for a data folder; neither the folder nor its log has to be writable. */
export function openSupervisor(home: string, hostPath: string, startHost?: StartHost): EngineSupervisor {
  return new EngineSupervisor({
    hostPath,
    startHost,
    tensorflowFolder: () => chosenEngine(home).folder,
    home,
    logFile: path.join(home, ENGINE_LOG),
  })
}

/** Asks the engine; what it writes to a pipe or to this process's own output goes through a file. */
export function asking(supervisor: EngineSupervisor): Ask {
  return (name, input) =>
    'out' in input ? writeFileElsewhere(input.out, (out) => supervisor.ask(name, { ...input, out })) : supervisor.ask(name, input)
}

export interface EngineWorld extends InitialWorld {
  readonly ask: Ask
  /** Weights that lie in a data folder, with the network that they are of. */
  keptWeights(from: { readonly run: number; readonly step?: number | undefined } | { readonly item: number }): {
    network: unknown
    file: string
    name?: string
  }
}

/** The handlers that need the engine at most; `close` lets go of what is measured. */
export function engineHandlers(world: EngineWorld): { handlers: Pick<Handlers, EngineRequest>; close(): void } {
  const { ask, catalogue } = world
  const initial = new InitialMeasures(world)
  const handlers: Pick<Handlers, EngineRequest> = {
    'presets.list': () => listPresets(),
    'networks.inspect': ({ network, dataset }) =>
      inspectNetwork(chooseNetwork(network, dataset === undefined ? undefined : catalogue.describe(dataset)).document),
    'networks.evaluate': ({ network, ...asked }) => ask('evaluate', { network: chooseNetwork(network).document, ...asked }),
    'networks.replay': ({ network, ...asked }) => ask('replay', { network: chooseNetwork(network).document, ...asked }),
    'networks.spectrum': (question) => oneSpectrum(world, question),
    'networks.initial': (question, listener) => initial.ask(question, listener),
    'kernels.spectrum': (question) => ask('kernel-spectrum', question),
    'kernels.change': (question) => ask('change-kernel', question),
    'datasets.list': () => catalogue.list(),
    async 'weights.map'({ network, file, map }) {
      const { document } = chooseNetwork(network)
      const report = await ask('map-weights', { network: document, weights: { file, map } })
      return { network: document.name, ...report }
    },
    async 'weights.export'({ from, out }) {
      if (!('network' in from)) return { path: out, ...(await ask('copy-weights', { ...world.keptWeights(from), out })) }
      const { dataset, weights } = initialAsked(catalogue, from)
      const { document: network } = chooseNetwork(from.network, dataset)
      return { path: out, ...(await ask('initial-weights', { ...weights, network, out })) }
    },
  }
  return { handlers, close: () => initial.close() }
}
