import { CAN_GO_ON } from '../../../shared/places/cell-log'
import type { TaskState } from '../place'

/** An array of tasks as it is called here: Slurm's number, the cell of its first task, and how many it has. */
export interface SlurmJob {
  readonly id: number
  readonly first: number
  readonly count: number
}

export const jobName = ({ id, first, count }: SlurmJob): string => `${id}:${first}:${count}`

/** @throws Error for a name that this program did not give. */
export function readJob(name: string): SlurmJob {
  const [, id, first, count] = /^(\d+):(\d+):(\d+)$/.exec(name) ?? []
  if (id === undefined) throw new Error(`${name} is no job of Slurm’s`)
  return { id: Number(id), first: Number(first), count: Number(count) }
}

/** Names of the marker files that each array left on the login node, with its number: `job-0-12 4711`. */
export function readMarkers(text: string): SlurmJob[] {
  return [...text.matchAll(/^job-(\d+)-(\d+) (\d+)$/gm)].map(([, first, count, id]) => ({
    ...{ id: Number(id), first: Number(first), count: Number(count) },
  }))
}

/** The first cell that no array has, and how many there are from it on to the next that one has. */
export function firstGap(jobs: readonly SlurmJob[], cells: number): { first: number; count: number } | undefined {
  let at = 0
  for (const { first, count } of [...jobs].sort((a, b) => a.first - b.first)) {
    if (first > at) return { first: at, count: first - at }
    at = Math.max(at, first + count)
  }
  return at < cells ? { first: at, count: cells - at } : undefined
}

/** Slurm's words for tasks that are still to come or at work. One that was preempted and may go on is pending; what is told as preempted has ended. */
const WAITS = /^(PENDING|CONFIGURING|REQUEUED|REQUEUE_HOLD|REQUEUE_FED|RESV_DEL_HOLD|SPECIAL_EXIT|SUSPENDED)$/
const RUNS = /^(RUNNING|COMPLETING|STOPPED|STAGE_OUT|SIGNALING|RESIZING)$/

/** Ends that are the cluster's doing. */
const PLACES_FAULT = /NODE_FAIL|BOOT_FAIL|LaunchFailure|TIMEOUT|PREEMPTED/

function stateOf(state: string, reason: string, code: number): TaskState {
  // `CANCELLED by 1000`
  const [word = ''] = state.split(' ')
  const status = code > 0 ? `, status ${code}` : ''
  const words = reason === '' || reason === 'None' ? state : `${state} (${reason}${status})`
  if (RUNS.test(word)) return { state: 'runs', words }
  if (WAITS.test(word)) return { state: 'waits', words }
  // Behind 128 is the signal that ended it: nothing that the training says of itself.
  const isPlaces = PLACES_FAULT.test(words) || (word === 'FAILED' && (code === CAN_GO_ON || code > 128))
  const why = word === 'CANCELLED' ? 'cancelled' : isPlaces ? 'place' : undefined
  return { state: 'gone', words, ...(why && { why }) }
}

/** What Slurm says of tasks in its three ways; where they differ, who waits or runs is in the queue, and how a task ended is known best where its exit code is. */
export function readStates(
  { queue, details, accounting }: Readonly<Record<'queue' | 'details' | 'accounting', string>>,
  jobs: readonly SlurmJob[],
): Map<number, TaskState> {
  const queued = [...readQueue(queue, jobs)]
  // Of tasks that ended squeue tells where a site asks it to (SQUEUE_STATES), and not with which code.
  const open = queued.filter(([, { state }]) => state !== 'gone')
  return new Map([...queued, ...readAccounting(accounting, jobs), ...readDetails(details, jobs), ...open])
}

/** Lines of `squeue -h -r -o "%F|%K|%T|%r"`, each a task. */
export function readQueue(text: string, jobs: readonly SlurmJob[]): Map<number, TaskState> {
  return tasks(text, jobs, /^(\d+)\|(\d+)\|([^|]+)\|(.*)$/)
}

/** Lines of `sacct -n -P -X -o JobID,State,Reason,ExitCode`; those of tasks that have not begun stand together and are left out. */
export function readAccounting(text: string, jobs: readonly SlurmJob[]): Map<number, TaskState> {
  return tasks(text, jobs, /^(\d+)_(\d+)\|([^|]+)\|([^|]*)(?:\|(\d+):\d+)?$/)
}

/** Lines of `scontrol show job -o`: those of tasks that ended some minutes ago are still among them. */
export function readDetails(text: string, jobs: readonly SlurmJob[]): Map<number, TaskState> {
  return tasks(text, jobs, /ArrayJobId=(\d+) ArrayTaskId=(\d+) .*JobState=(\S+) Reason=(\S*)(?: .*?ExitCode=(\d+):)?/)
}

function tasks(text: string, jobs: readonly SlurmJob[], form: RegExp): Map<number, TaskState> {
  const found = new Map<number, TaskState>()
  const byId = new Map(jobs.map((job) => [job.id, job]))
  for (const line of text.split('\n')) {
    const [, id, task, state, reason, code] = form.exec(line.trim()) ?? []
    const job = byId.get(Number(id))
    if (job && Number(task) < job.count) found.set(job.first + Number(task), stateOf(state!, reason!, Number(code)))
  }
  return found
}

/** A number of `scontrol show config`: `MaxArraySize            = 1001`. */
export function configNumber(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The limit of an account or a QOS that a submission would go over, which Slurm names on a line before its sentence: `AssocMaxSubmitJobLimit`. */
export const limitOf = (errors: string): string | undefined =>
  /^(?:sbatch: )?error: ((?:Assoc|QOS|Max|Min)\w+)$/m.exec(errors)?.[1]

/**
 * Whether sbatch refused since there are as many tasks as there may be: fewer of them may be taken, or all of them later. A limit on the jobs that are submitted or run has room again;
 * one on what a task asks for never has.
 */
export function isFull(errors: string): boolean {
  const limit = limitOf(errors)
  return limit === undefined
    ? /Job violates accounting\/QOS policy|job count limit/i.test(errors) || isCrowded(errors)
    : /Submit|Jobs/.test(limit)
}

/** Whether the controller has as many jobs as it keeps (MaxJobCount). sbatch tries that again by itself for two minutes. */
export const isCrowded = (errors: string): boolean =>
  /Slurm temporarily unable to accept job|Slurm job queue full|Resource temporarily unavailable/i.test(errors)

/** Whether the controller could not be asked: that says nothing of the tasks. */
export const isSilent = (errors: string): boolean =>
  /Unable to contact slurm controller|Connection refused|Socket timed out|Communication connection failure|Zero Bytes were transmitted/i.test(
    errors,
  )
