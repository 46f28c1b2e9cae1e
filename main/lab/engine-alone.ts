import type {
  JobInput,
  JobName,
  JobOutput,
  Lab,
  RequestInput,
  RequestName,
  RequestOutput,
  SubscriptionEvent,
  SubscriptionInput,
  SubscriptionName,
} from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { JobProgress, RunningJob } from '../../shared/job'
import { Catalogue } from '../datasets/catalogue'
import type { StartHost } from '../engine/hosts/host'
import { Store } from '../store/store'
import { boundary } from './boundary'
import { examine, storeCheck } from './doctor'
import { asking, engineHandlers, type EngineRequest, openSupervisor } from './engine-handlers'
import { type EnginePackCall, enginePackHandlers } from './engine-packs'
import { type KeepingCall, keepingHandlers } from './keeping'
import { type SelfTestRequest, selfTesting } from './repair'

type AnsweredAlone = EngineRequest | EnginePackCall | KeepingCall | SelfTestRequest | 'lab.doctor'

/** What of the lab is answered without its run store: that may be damaged, locked or another's. Somebody opened it and has to close it. */
export interface EngineAlone {
  request<N extends RequestName & AnsweredAlone>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>
  subscribe<N extends SubscriptionName & AnsweredAlone>(
    name: N,
    input: SubscriptionInput<N>,
    listener: (event: SubscriptionEvent<N>) => void,
  ): () => void
  start<N extends JobName & AnsweredAlone>(
    name: N,
    input: JobInput<N>,
    onProgress?: (progress: JobProgress) => void,
  ): RunningJob<JobOutput<N>>
  close(): Promise<void>
}

export interface EngineAloneOptions {
  /** The data folder: the engine's log and its data sets lie there. */
  readonly home: string
  /** The bundled `engine/host.js`. */
  readonly hostPath: string
  /** How engine hosts are started; as child processes where it is not said. */
  readonly startHost?: StartHost | undefined
  /** Hears of bugs, with their stack. */
  readonly log: (text: string) => void
}

/** Opens the engine for questions that no run is needed for. */
export function openEngine({ home, hostPath, startHost, log }: EngineAloneOptions): EngineAlone {
  const supervisor = openSupervisor(home, hostPath, startHost)
  const stored = (): never => {
    throw new Error('only a lab has runs and a library')
  }
  const engine = engineHandlers({
    ...{ supervisor, catalogue: new Catalogue(supervisor.dataFolder), ask: asking(supervisor), log },
    itemWeights: stored,
    keptWeights: stored,
    remember: () => undefined,
  })
  const selfTests = selfTesting({ home, supervisor, hostPath, holdsStore: false })
  const lab: Lab = boundary({
    ...engine.handlers,
    ...enginePackHandlers({ home, supervisor, fileOf: pathAlone, inWords: (_, __, work) => work() }),
    ...keepingHandlers({ home, supervisor, placeOf: pathAlone }),
    ...selfTests.handlers,
    'lab.doctor': async () => ({ checks: await examine(home, () => openedStore(home), supervisor, hostPath) }),
  })
  return {
    ...lab,
    async close() {
      engine.close()
      await selfTests.close()
      await supervisor.close()
    },
  }
}

/** Only a lab has pages, whose words for files mean something. */
function pathAlone(file: string | undefined): string {
  if (file !== undefined) return file
  throw new UserError('a file is named by its path', { place: 'lab' })
}

/** The store is opened for its check alone, which tells where it cannot be. */
function openedStore(home: string): ReturnType<typeof storeCheck> {
  const store = new Store(home)
  try {
    return storeCheck(store)
  } finally {
    store.close()
  }
}
