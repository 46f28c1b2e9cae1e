import { expand } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import type { SubscriptionReceived } from '../../shared/api'
import { UserError, isUserError } from '../../shared/errors'
import type { InitialEvent } from '../../shared/initial-measures'
import type { Catalogue } from '../datasets/catalogue'
import { checkBatch } from '../datasets/batches'
import { splitSize } from '../datasets/dataset'
import type { InitialTask } from '../engine/questions'
import type { BackgroundTask, EngineSupervisor } from '../engine/supervisor'
import { checkMemory } from './memory'
import { checkGeometry, chooseNetwork } from './start'

type Question = SubscriptionReceived<'networks.initial'>
type Listener = (event: InitialEvent) => void

interface Asked {
  readonly question: Question
  readonly listener: Listener
}

export interface InitialWorld {
  readonly supervisor: EngineSupervisor
  readonly catalogue: Catalogue
  /** The file of a library item's weights, and what the user knows it as. */
  itemWeights(item: number): { readonly file: string; readonly name: string }
  /** Hears how long a pass forward and back took, milliseconds. */
  remember(network: NetworkDocument, batch: number, ms: number): void
  /** Hears of bugs. */
  log(text: string): void
}

/** Measures networks as they are initialised, one at a time; who has let go is not waited for. */
export class InitialMeasures {
  private readonly waiting: Asked[] = []
  private current: { readonly asked: Asked; readonly work: BackgroundTask<'initial'> } | undefined
  private isDue = false

  constructor(private readonly world: InitialWorld) {}

  /** @returns a function that lets go: work on the answer ends at once. */
  ask(question: Question, listener: Listener): () => void {
    const asked = { question, listener }
    this.waiting.push(asked)
    this.nextSoon()
    return () => {
      const at = this.waiting.indexOf(asked)
      if (at >= 0) this.waiting.splice(at, 1)
      if (this.current?.asked !== asked) return
      void this.current.work.cancel()
      this.current = undefined
      this.nextSoon()
    }
  }

  /** Lets go of all questions; nobody hears any more of them. */
  close(): void {
    this.waiting.length = 0
    void this.current?.work.cancel()
    this.current = undefined
  }

  /** Not at once: a subscriber hears nothing before it has its way to let go. */
  private nextSoon(): void {
    if (this.isDue) return
    this.isDue = true
    setImmediate(() => {
      this.isDue = false
      while (!this.current && this.waiting.length > 0) this.begin(this.waiting.shift()!)
      for (const { listener } of this.waiting) listener({ state: 'working', phase: 'waiting' })
    })
  }

  private begin(asked: Asked): void {
    const { listener, question } = asked
    const began = performance.now()
    try {
      const task = this.plan(question)
      const work = this.world.supervisor.inBackground('initial', task, ({ phase }) =>
        listener({ state: 'working', phase: phase === 'compiling' ? 'compiling' : 'measuring' }),
      )
      this.current = { asked, work }
      listener({ state: 'working', phase: 'compiling' })
      work.answer.then(
        (found) => {
          const seconds = (performance.now() - began) / 1000
          if (found.passMs !== null) this.world.remember(task.network, task.batch, found.passMs)
          this.end(asked, { state: 'measured', ...found, seconds })
        },
        (error: unknown) => this.end(asked, this.refusal(error)),
      )
    } catch (error) {
      listener(this.refusal(error))
    }
  }

  private end(asked: Asked, event: InitialEvent): void {
    if (this.current?.asked !== asked) return
    this.current = undefined
    asked.listener(event)
    this.nextSoon()
  }

  /** @throws UserError where network, data set, weights and machine do not fit together. */
  private plan({
    network,
    data,
    batch,
    seed,
    timed,
    weights,
    ...start
  }: Question): InitialTask & { readonly network: NetworkDocument } {
    const dataset = this.world.catalogue.describe(data)
    checkBatch(batch, splitSize(dataset, 'train', undefined))
    const { document } = chooseNetwork(network, dataset)
    const expanded = expand(document)
    checkGeometry(expanded, dataset)
    const tooLarge = checkMemory(expanded, { batch, recompute: 0, canRecompute: false })
    if (tooLarge !== undefined) throw new UserError(tooLarge)
    const own = weights === undefined ? undefined : this.world.itemWeights(weights)
    return {
      ...{ network: document, data, dataFolder: this.world.supervisor.dataFolder },
      ...{ batch, seed, ...start, timed, ...(own && { weights: { file: own.file, name: own.name } }) },
    }
  }

  private refusal(error: unknown): InitialEvent {
    if (isUserError(error)) return { state: 'refused', message: error.message }
    this.world.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return { state: 'refused', message: 'NormLab made a mistake; its log says more' }
  }
}
