import { statSync } from 'node:fs'
import path from 'node:path'
import { isUserError } from '../../shared/errors'
import type { Arrived, QuestionAnswer, QuestionInput, QuestionName } from '../engine/questions'
import { EngineNotStarted, type EngineSupervisor } from '../engine/supervisor'
import { type StoreCheck, checkStore } from '../store/check'
import type { Part } from './job-parts'

/** A question to a process of its own, which ends with the work. */
export function askPart<N extends QuestionName>(
  supervisor: EngineSupervisor,
  name: N,
  input: QuestionInput<N>,
  part: Part,
): Promise<Arrived<QuestionAnswer<N>>> {
  part.reach(0)
  const { answer, cancel } = supervisor.inBackground(name, input, ({ done = 0, total = 0 }) => {
    if (total > 0 && !part.signal.aborted) part.reach(done / total)
  })
  return new Promise((resolve, reject) => {
    part.signal.addEventListener('abort', () => void cancel().then(() => reject(part.signal.reason as Error)))
    answer.then(resolve, reject)
  })
}

/** Bytes of a data folder's store. */
export const storeBytes = (home: string): number =>
  ['normlab.db', 'normlab.db-wal'].reduce(
    (sum, name) => sum + (statSync(path.join(home, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )

/**
 * Looks the store through: in a process of its own, for a large store takes its time; where none starts, which the engine's check tells, in this one. What ended
 * that process might end this one too: then nothing is known of the store but that.
 */
export async function lookThrough(home: string, supervisor: EngineSupervisor, part: Part): Promise<StoreCheck> {
  try {
    return await askPart(supervisor, 'check-store', { home }, part)
  } catch (error) {
    part.signal.throwIfAborted()
    if (error instanceof EngineNotStarted) return checkStore(home)
    if (!isUserError(error)) throw error
    const { problem, options } = error
    return { file: home, runs: 0, problems: [`it could not be looked through: ${problem}`], remedy: options.remedy }
  }
}
