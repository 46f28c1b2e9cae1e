import { makeBackup } from '../../store/backup'
import { copyAhead } from '../../store/move'
import { unpackBackup } from '../../store/restore'
import type { BackUpTask, BackedUp, CopiedAhead, CopyAheadTask, RestoreTask, TaskProgress, Unpacked } from '../questions'

type Tell = (progress: TaskProgress) => void

/** Between two words of how far it is, milliseconds: a byte is no news. */
const TELL_MS = 100

export function backUp({ home, aside, target, ...options }: BackUpTask, tell: Tell): Promise<BackedUp> {
  return makeBackup(home, aside, target, options, seldom(tell, 'copying'))
}

export function restore({ file, aside, target }: RestoreTask, tell: Tell): Promise<Unpacked> {
  return unpackBackup(file, aside, target, {
    onBytes: seldom(tell, 'unpacking'),
    onCheck: () => tell({ phase: 'checking' }),
  })
}

export function copyFolder({ home, target }: CopyAheadTask, tell: Tell): Promise<CopiedAhead> {
  return copyAhead(home, target, seldom(tell, 'copying'))
}

function seldom(tell: Tell, phase: TaskProgress['phase']): (done: number, total: number) => void {
  let last = -Infinity
  return (done, total) => {
    const now = performance.now()
    if (now - last < TELL_MS && done < total) return
    last = now
    tell({ phase, done, total })
  }
}
