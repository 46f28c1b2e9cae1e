import { Pace, seldom } from '../../shared/job'
import type { JobControl } from './boundary'

/** What long work in this process has of its job: whom it tells how far it is, and what says that it was called off. */
export interface JobWork {
  readonly signal: AbortSignal
  readonly tell: (phase: string, done: number, total: number) => void
}

export function workOf(control: JobControl, ended = new AbortController()): JobWork {
  control.onCancel(() => ended.abort())
  const pace = new Pace()
  return { signal: ended.signal, tell: seldom((phase, done, total) => control.tell(pace.told({ phase, done, total }))) }
}
