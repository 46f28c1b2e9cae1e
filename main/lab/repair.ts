import type { RepairReport } from '../../shared/api'
import { countWords } from '../../shared/count-words'
import { UserError, isUserError } from '../../shared/errors'
import { KINDS, chosenEngine, installedEngine, keepEngineUse, readThrough, removeEngine } from '../engine/packs/installed'
import type { StoreCheck } from '../store/check'
import { repairStore } from '../store/repair'
import type { Handlers, JobControl } from './boundary'
import { partsOf } from './job-parts'
import { type JobWork, workOf } from './job-work'
import { lastSelfTest, runSelfTest, type SelfTestWorld } from './self-test'
import { lookThrough, storeBytes } from './self-test-parts'

export interface RepairWorld extends SelfTestWorld {
  /** Whether this lab has the run store open, which cannot be exchanged under it then. */
  readonly holdsStore: boolean
}

export type SelfTestRequest = 'lab.self-test' | 'lab.last-self-test' | 'lab.repair'

export interface SelfTesting {
  readonly handlers: Pick<Handlers, SelfTestRequest>
  /** Breaks off what goes on, and waits for its end: an engine that is only being closed would be found broken. */
  close(): Promise<void>
}

export function selfTesting(world: RepairWorld): SelfTesting {
  const going = new Map<AbortController, Promise<unknown>>()
  let isClosed = false
  const run = async <T>(control: JobControl, work: (work: JobWork) => Promise<T>): Promise<T> => {
    if (isClosed) throw new UserError('NormLab was closed')
    const ended = new AbortController()
    const done = work(workOf(control, ended)).finally(() => going.delete(ended))
    going.set(ended, done)
    return done
  }
  return {
    handlers: {
      'lab.self-test': (_, control) => run(control, (work) => runSelfTest(world, work)),
      'lab.last-self-test': () => lastSelfTest(world.home),
      'lab.repair': (_, control) => run(control, (work) => repair(world, work)),
    },
    async close() {
      isClosed = true
      for (const ended of going.keys()) ended.abort(new UserError('NormLab was closed'))
      await Promise.allSettled(going.values())
    },
  }
}

/**
 * Mends what can be mended without a new installation: takes damaged engines away, goes back to the one inside, makes a new store of a damaged one. Runs
 * that train are left alone. Called off, it leaves what it has mended by then. @returns what was done, a sentence each, and how the self-test ends behind it.
 */
async function repair(world: RepairWorld, work: JobWork): Promise<RepairReport> {
  const { home, holdsStore } = world
  const did: string[] = []
  const engines = KINDS.flatMap((kind) => installedEngine(home, kind) ?? [])
  const parts = partsOf('repair', [...engines.map(({ bytes }) => bytes), storeBytes(home)], work)
  for (const [i, found] of engines.entries()) {
    const damage = await readThrough(found, parts[i]!.add)
    if (!damage) continue
    removeEngine(home, found.kind)
    did.push(`The installed engine for the ${found.kind.toUpperCase()} was taken away: ${damage}.`)
  }
  did.push(...mendStore(home, holdsStore, await lookThrough(home, world.supervisor, parts[engines.length]!)))
  let test = await runSelfTest(world, work)
  const isEngineRight = (): boolean => test.checks.some(({ name, ok }) => name === 'Engine' && ok)
  const { used } = chosenEngine(home)
  if (!isEngineRight() && (used === 'cpu' || used === 'gpu')) {
    keepEngineUse(home, 'inside')
    did.push(`The installed engine for the ${used.toUpperCase()} does not compute rightly; the one inside NormLab is used now.`)
    test = await runSelfTest(world, work)
  }
  if (!isEngineRight() && chosenEngine(home).used === 'inside') {
    const spare = installedEngine(home, 'cpu')
    if (spare?.problem === null) {
      keepEngineUse(home, 'cpu')
      did.push('The engine inside NormLab does not compute rightly; the installed one for the CPU is used now.')
      test = await runSelfTest(world, work)
    } else
      did.push('The engine inside NormLab does not work: install NormLab again, or fetch another one (normlab engine fetch --device cpu).') // prettier-ignore
  }
  return { did, test }
}

function mendStore(home: string, holdsStore: boolean, { problems, remedy }: StoreCheck): string[] {
  if (problems.length === 0 || !remedy?.startsWith('normlab store repair')) return []
  if (holdsStore)
    return ['The run store is damaged, and is open here: close NormLab; `normlab store repair`, or the next start, makes a new one of all that can be read.'] // prettier-ignore
  try {
    const { runs, steps, lost, kept } = repairStore(home)
    return [`A new run store was made: ${countWords(runs, 'run')} with ${countWords(steps, 'step')}; the old one is kept as ${kept}.`, ...lost.map((what) => `Lost: ${what}.`)] // prettier-ignore
  } catch (error) {
    if (!isUserError(error)) throw error
    return [`The run store was not repaired: ${error.message}.`]
  }
}
