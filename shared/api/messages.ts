import type { JobProgress } from '../job'

/** One message between a front end and the lab, on whatever wire. */
export type ToLab =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'subscribe'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'start'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'release'; readonly id: number }
export type FromLab =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly message: string; readonly forUser: boolean }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'progress'; readonly id: number; readonly progress: JobProgress }
