import { existsSync, rmdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { Pace } from '../../shared/job'
import type { Arrived, QuestionAnswer, QuestionInput, TaskProgress } from '../engine/questions'
import type { EngineSupervisor } from '../engine/supervisor'
import { SNAPSHOT, backUp } from '../store/backup'
import { ENGINE_LOG } from '../store/home'
import { dropMove, isMoveBegun, requireMovable } from '../store/move'
import { requireEmptyFolder, restore } from '../store/restore'
import type { Handlers, JobControl } from './boundary'
import type { Purpose } from './chosen-sources'
import { NORMLAB_VERSION } from './version'

export type KeepingCall = Extract<keyof Handlers, `keeping.${string}`>

export interface KeepingWorld {
  /** The data folder. */
  readonly home: string
  readonly supervisor: EngineSupervisor
  /** What a place is named by; pages name a word for it. */
  readonly placeOf: (file: string | undefined, chosen: string | undefined, purpose: Purpose) => string
}

/** How often the copy of the store is looked at while SQLite writes it, which says nothing of its progress, milliseconds. */
const LOOK_MS = 250

/** Backups, and data folders of them: each in a process of its own, as SQLite copies and checks a store without a pause. */
export function keepingHandlers({ home, supervisor, placeOf }: KeepingWorld): Pick<Handlers, KeepingCall> {
  /** Called off, it is rejected once nothing is written any more, so that what was made can be taken away. */
  function inBackground<N extends 'back-up' | 'restore' | 'copy-ahead'>(
    name: N,
    input: QuestionInput<N>,
    control: JobControl,
    hear: (progress: TaskProgress) => void,
  ): Promise<Arrived<QuestionAnswer<N>>> {
    return new Promise((resolve, reject) => {
      const { answer, cancel } = supervisor.inBackground(name, input, hear)
      answer.then(resolve, reject)
      control.onCancel(() => void cancel().then(() => reject(new UserError('it was called off', { place: name }))))
    })
  }
  const telling = (control: JobControl): ((progress: TaskProgress) => void) => {
    const pace = new Pace()
    return (progress) => control.tell(pace.told(progress))
  }

  return {
    'keeping.backup'({ file, chosen, withoutDatasets }, control) {
      const target = placeOf(file, chosen, 'new-backup')
      return backUp(home, target, async (aside) => {
        const tell = telling(control)
        let told: TaskProgress = { phase: 'copying' }
        const timer = setInterval(() => {
          const bytes = statSync(path.join(aside, SNAPSHOT), { throwIfNoEntry: false })?.size ?? 0
          if (told.done === 0) tell({ ...told, done: bytes })
        }, LOOK_MS)
        try {
          const task = { home, aside, target, withoutDatasets, program: NORMLAB_VERSION }
          return await inBackground('back-up', task, control, (progress) => tell((told = progress)))
        } finally {
          clearInterval(timer)
        }
      })
    },
    async 'keeping.move'({ home: place, chosenHome }, control) {
      const target = placeOf(place, chosenHome, 'data-folder')
      requireMovable(home, target)
      const [wasThere, wasBegun] = [existsSync(target), isMoveBegun(home, target)]
      try {
        const { bytes } = await inBackground('copy-ahead', { home, target }, control, telling(control))
        return { home: target, bytes }
      } catch (error) {
        // What an earlier one has copied is not thrown away with this one.
        if (!wasBegun) dropMove(home, target, wasThere)
        throw error
      }
    },
    async 'keeping.restore'({ file, chosen, home: place, chosenHome }, control) {
      const source = placeOf(file, chosen, 'source')
      const target = placeOf(place, chosenHome, 'data-folder')
      requireEmptyFolder(target)
      const wasThere = existsSync(target)
      try {
        return await restore(target, (aside) =>
          inBackground('restore', { file: source, aside, target }, control, telling(control)),
        )
      } catch (error) {
        // An engine that is asked on the folder itself has begun its log there.
        if (!wasThere) removeLogAlone(target)
        throw error
      }
    },
  }
}

function removeLogAlone(folder: string): void {
  rmSync(path.join(folder, ENGINE_LOG), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // It was not made, or something else is in it by now.
  }
}
