import { z } from 'zod'
import { CAN_GO_ON } from '../../../shared/places/cell-log'
import type { TaskState } from '../place'

/** One of a cell's jobs, each of which tries for as long as it can. */
export interface RayJob {
  readonly cell: number
  /** From 0; another one is submitted where Ray has lost the last, or ended it. */
  readonly attempt: number
  readonly id: string
  readonly status: Job['status']
  readonly state: TaskState
}

/** As `GET /api/jobs/` tells of a job; other fields are of no use here. */
const Job = z.object({
  submission_id: z.string().nullish(),
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
})
type Job = z.infer<typeof Job>

export const jobId = (grid: string, cell: number, attempt: number): string => `normlab-${grid}-${cell}-${attempt}`

/** The last job of each cell of a grid, from the list of all jobs; those of other people and programs are passed over. */
export function readJobs(list: unknown, grid: string): Map<number, RayJob> {
  const last = new Map<number, RayJob>()
  for (const one of Array.isArray(list) ? list : []) {
    const job = Job.safeParse(one).data
    const [, of, cell, attempt] = /^normlab-([0-9a-f]{16})-(\d{1,6})-(\d{1,6})$/.exec(job?.submission_id ?? '') ?? []
    if (!job || of !== grid) continue
    const read = { cell: Number(cell), attempt: Number(attempt), id: job.submission_id!, status: job.status, state: stateOf(job) }
    if (read.attempt >= (last.get(read.cell)?.attempt ?? 0)) last.set(read.cell, read)
  }
  return last
}

export const hasEnded = ({ status }: Pick<RayJob, 'status'>): boolean => status !== 'PENDING' && status !== 'RUNNING'

function stateOf(job: Job): TaskState {
  const { status, error_type: error } = job
  if (status === 'PENDING') return { state: 'waits', words: status }
  if (status === 'RUNNING') return { state: 'runs', words: status }
  if (status === 'STOPPED') return { state: 'gone', words: status, why: 'cancelled' }
  if (status === 'SUCCEEDED') return { state: 'gone', words: status }
  const code = exitCode(job)
  const words = `FAILED (${code === undefined ? plain(error ?? job.message ?? 'no reason given') : `exit status ${code}`})`
  // Ray ends a job that has waited for its cores for a quarter of an hour.
  if (error === 'JOB_SUPERVISOR_ACTOR_START_TIMEOUT') return { state: 'gone', words, why: 'queue' }
  // A signal ended it, or what held it on its node died; its own fault has a status of its own.
  const isPlaces =
    code === undefined
      ? /^JOB_SUPERVISOR_ACTOR_|^RUNTIME_ENV_SETUP/.test(error ?? '')
      : code < 0 || code > 128 || code === CAN_GO_ON
  return { state: 'gone', words, ...(isPlaces && { why: 'place' }) }
}

function exitCode({ driver_exit_code: code, message }: Job): number | undefined {
  const told = code ?? Number(/failed with exit code (-?\d+)/.exec(message ?? '')?.[1] ?? NaN)
  return Number.isNaN(told) ? undefined : told
}

/** `JOB_SUPERVISOR_ACTOR_DIED` → `job supervisor actor died`; of a message its first line. */
function plain(text: string): string {
  const line = text.split('\n')[0]!.slice(0, 200)
  return /^[A-Z_]+$/.test(line) ? line.toLowerCase().replace(/_/g, ' ') : line
}

/** `3 of 16 cores are free`, of `GET /api/cluster_status`; null where it does not say. */
export function readRoom(status: unknown): string | null {
  const told = Status.safeParse(status).data?.data.clusterStatus?.loadMetricsReport?.usage
  if (!told?.CPU) return null
  const free = ([used, all]: readonly [number, number], what: string): string =>
    `${Math.max(0, Math.floor(all - used))} of ${all} ${what}`
  return `${[free(told.CPU, 'cores'), ...(told.GPU ? [free(told.GPU, 'GPUs')] : [])].join(' and ')} are free now`
}

const Share = z.tuple([z.number(), z.number()])
const Status = z.object({
  data: z.object({
    clusterStatus: z
      .object({ loadMetricsReport: z.object({ usage: z.object({ CPU: Share.optional(), GPU: Share.optional() }) }).nullish() })
      .nullish(),
  }),
})
