import { seldom } from '../../../shared/job'
import { makeBackup } from '../../store/backup'
import { copyAhead } from '../../store/move'
import { unpackBackup } from '../../store/restore'
import type { BackUpTask, BackedUp, CopiedAhead, CopyAheadTask, RestoreTask, TaskProgress, Unpacked } from '../questions'

type Tell = (progress: TaskProgress) => void

export function backUp({ home, aside, target, ...options }: BackUpTask, tell: Tell): Promise<BackedUp> {
  return makeBackup(home, aside, target, options, counted(tell, 'copying'))
}

export function restore({ file, aside, target }: RestoreTask, tell: Tell): Promise<Unpacked> {
  return unpackBackup(file, aside, target, {
    onBytes: counted(tell, 'unpacking'),
    onCheck: () => tell({ phase: 'checking' }),
  })
}

export function copyFolder({ home, target }: CopyAheadTask, tell: Tell): Promise<CopiedAhead> {
  return copyAhead(home, target, counted(tell, 'copying'))
}

const counted = (tell: Tell, phase: TaskProgress['phase']): ((done: number, total: number) => void) => {
  const told = seldom<TaskProgress['phase']>((now, done, total) => tell({ phase: now, done, total }))
  return (done, total) => told(phase, done, total)
}
