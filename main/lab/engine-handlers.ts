import path from 'node:path'
import { inspectNetwork, listPresets } from '../../shared/architecture'
import type { WeightReport } from '../../shared/weight-map'
import type { StartHost } from '../engine/hosts/host'
import type { EngineTask } from '../engine/protocol'
import { EngineSupervisor } from '../engine/supervisor'
import type { WrittenWeights } from '../engine/tasks/weights'
import { writeFileElsewhere } from '../files/write-file'
import type { Handlers } from './boundary'
import { InitialMeasures, type InitialWorld } from './initial-measures'
import { oneSpectrum } from './jacobians'
import { chooseNetwork } from './start'

/** A question to the engine. */
export type Ask = <T>(question: EngineTask) => Promise<T>

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
    dataFolder: path.join(home, 'datasets'),
    logFile: path.join(home, 'engine.log'),
  })
}

/** Asks the engine; what it writes to a pipe or to this process's own output goes through a file. */
export function asking(supervisor: EngineSupervisor): Ask {
  return <T>(question: EngineTask): Promise<T> => {
    const ask = (asked: EngineTask): Promise<T> => supervisor.task(asked) as Promise<T>
    return 'out' in question && question.out !== undefined
      ? writeFileElsewhere(question.out, (out) => ask({ ...question, out } as EngineTask))
      : ask(question)
  }
}

export interface EngineWorld extends InitialWorld {
  readonly task: Ask
  /** Weights that lie in a data folder, with the network that they are of. */
  keptWeights(from: { readonly run: number } | { readonly item: number }): { network: unknown; file: string; name?: string }
}

/** The handlers that need the engine at most; `close` lets go of what is measured. */
export function engineHandlers(world: EngineWorld): { handlers: Pick<Handlers, EngineRequest>; close(): void } {
  const { task, catalogue } = world
  const initial = new InitialMeasures(world)
  const handlers: Pick<Handlers, EngineRequest> = {
    'presets.list': () => listPresets(),
    'networks.inspect': ({ network, dataset }) =>
      inspectNetwork(chooseNetwork(network, dataset === undefined ? undefined : catalogue.describe(dataset)).document),
    'networks.evaluate': ({ network, threads, ...files }) =>
      task({ kind: 'evaluate', network: chooseNetwork(network).document, ...files, ...(threads !== undefined && { threads }) }),
    'networks.replay': ({ network, threads, ...settings }) =>
      task({ kind: 'replay', network: chooseNetwork(network).document, ...settings, ...(threads !== undefined && { threads }) }),
    'networks.spectrum': (question) => oneSpectrum(world, question),
    'networks.initial': (question, listener) => initial.ask(question, listener),
    'kernels.spectrum': (question) => task({ kind: 'spectrum', ...question }),
    'kernels.change': (question) => task({ kind: 'change', ...question }),
    'datasets.list': () => catalogue.list(),
    async 'weights.map'({ network, file, map }) {
      const { document } = chooseNetwork(network)
      const report = await task<WeightReport>({ kind: 'map-weights', network: document, weights: { file, map } })
      return { network: document.name, ...report }
    },
    async 'weights.export'({ from, out }) {
      const written = await task<WrittenWeights>(
        'network' in from
          ? { kind: 'initial-weights', ...from, network: chooseNetwork(from.network).document, out }
          : { kind: 'copy-weights', ...world.keptWeights(from), out },
      )
      return { path: out, ...written }
    },
  }
  return { handlers, close: () => initial.close() }
}
