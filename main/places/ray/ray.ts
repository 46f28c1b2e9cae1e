import { closeSync, openSync } from 'node:fs'
import { UserError } from '../../../shared/errors'
import type { RayProfile } from '../../../shared/places/profile'
import { readToldLine } from '../../../shared/places/told-lines'
import { notWritten, writeAll } from '../../files/write-file'
import { type CellNews, NoAnswer, type Place, type PlaceCheck, type SentGrid, type Submitted, type TaskState } from '../place'
import { hasEnded, jobId, type RayJob, readJobs, readRoom } from './answers'
import { checkRay } from './check'
import { entrypoint } from './entrypoint'
import { JobLog, Lines } from './job-log'
import { type Package, packGrid } from './package'
import { lastLine, RayService } from './service'

/** A job that has ended has said all; this long it is waited for, milliseconds. */
const TELLING_MS = 10_000
/** A bundle of which nothing comes for so long has lost its connection, milliseconds. */
const SILENT_MS = 60_000
/** A job that is to print a cell's files once more begins at once, as it asks for no core. */
const AGAIN_MS = 120_000
const LOOK_MS = 500
const MOST_LOSSES = 3

/**
 * A Ray cluster by its Jobs interface: a job a cell, named by grid, cell and attempt, so that none is submitted twice. Files go there as the job's package, and come back as
 * lines that the job prints. Ray forgets its jobs when its head starts anew; what counts is the cells' folder on its nodes.
 */
export class RayPlace implements Place {
  private readonly service: RayService
  /** Open connections to what jobs print, by job. */
  private readonly logs = new Map<string, JobLog>()
  /** How often what a job printed could not be read to its end: with its node, that is gone. */
  private readonly losses = new Map<string, number>()

  /** The grid's package, which is made once. */
  private packed: { readonly of: string; readonly as: Package } | undefined

  constructor(
    private readonly profile: RayProfile,
    token: () => string | undefined,
    private readonly leaving?: AbortSignal,
  ) {
    this.service = new RayService(profile, token)
  }

  async submit(sent: SentGrid): Promise<Submitted> {
    const jobs = await this.jobs(sent.grid)
    const wanted = sent.open.filter((cell) => !jobs.has(cell))
    const busy = [...jobs.values()].filter((job) => !hasEnded(job)).length
    const now = wanted.slice(0, Math.max(0, this.profile.jobs - busy))
    for (const cell of now) await this.start(sent, cell, 0)
    return { jobs: [`normlab-${sent.grid}`], left: wanted.length - now.length }
  }

  async states(grid: string, _jobs: readonly string[], taken: readonly number[]): Promise<ReadonlyMap<number, TaskState>> {
    const jobs = await this.jobs(grid)
    const told = new Map<number, TaskState>()
    for (const cell of taken) told.set(cell, { state: 'gone', words: 'Ray does not know its job any more', why: 'place' })
    for (const [cell, job] of jobs) {
      // What it printed is believed first, and may still be on its way.
      const isRead = !hasEnded(job) || this.logs.get(job.id)?.isWhole === true || (this.losses.get(job.id) ?? 0) >= MOST_LOSSES
      told.set(cell, isRead ? job.state : { state: 'runs', words: job.state.words })
    }
    return told
  }

  async again(sent: SentGrid, _jobs: readonly string[], cell: number): Promise<boolean> {
    const last = (await this.jobs(sent.grid)).get(cell)
    if (!last || hasEnded(last)) await this.start(sent, cell, last ? last.attempt + 1 : 0)
    return true
  }

  async cancel(grid: string, _jobs: readonly string[], cells?: readonly number[]): Promise<void> {
    for (const job of (await this.jobs(grid)).values()) {
      if (hasEnded(job) || (cells && !cells.includes(job.cell))) continue
      const { status, text } = await this.service.ask('POST', `/api/jobs/${job.id}/stop`)
      if (status !== 200 && status !== 404) throw this.service.silent(status, text)
    }
  }

  async fetch(grid: string, known: ReadonlyMap<number, number>): Promise<readonly CellNews[]> {
    const jobs = await this.jobs(grid)
    const news: CellNews[] = []
    for (const [cell, position] of known) {
      const job = jobs.get(cell)
      if (!job || job.status === 'PENDING') continue
      const log = this.follow(job, position)
      if (hasEnded(job)) await log.settled(TELLING_MS)
      const came = log.fetch(position)
      // Somebody else has stored some of it: from there on.
      if (!came) this.letGo(job.id)
      else if (came.log.length > 0 || came.end !== null) news.push({ cell, ...came })
      // Nothing comes of what has ended: the connection is dead and nobody said so. The next look opens another, or counts it as lost.
      else if (hasEnded(job) && !log.isWhole) log.close()
    }
    return news
  }

  async bring(grid: string, cell: number, to: string): Promise<void> {
    const job = (await this.jobs(grid)).get(cell)
    if (job && (await this.readBundle(job, to))) return
    // Ray has lost what the job printed, or it was cut off: another one prints it, and trains nothing.
    const id = jobId(grid, cell, job ? job.attempt + 1 : 0)
    await this.post(id, { entrypoint: entrypoint(this.profile, grid, cell, true), entrypoint_num_cpus: 0 })
    const began = performance.now()
    for (;;) {
      const told = (await this.jobs(grid)).get(cell)
      if (told?.id === id && hasEnded(told)) {
        if (await this.readBundle(told, to)) return
        throw new UserError('the cell’s bundle cannot be read there')
      }
      if (this.leaving?.aborted || performance.now() - began > AGAIN_MS)
        throw new NoAnswer(`${this.profile.name} does not begin the job that is to print a bundle`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  async lastLines(grid: string, cell: number): Promise<string> {
    const job = (await this.jobs(grid)).get(cell)
    if (!job) return ''
    const log = this.follow(job, 0)
    await log.settled(TELLING_MS)
    return log.lastLines
  }

  async outlook(): Promise<string | null> {
    const { status, text } = await this.service.ask('GET', '/api/cluster_status')
    try {
      return status === 200 ? readRoom(JSON.parse(text)) : null
    } catch {
      return null
    }
  }

  check(): Promise<readonly PlaceCheck[]> {
    return checkRay(this.profile, this.service)
  }

  close(): Promise<void> {
    for (const id of [...this.logs.keys()]) this.letGo(id)
    return Promise.resolve()
  }

  private async jobs(grid: string): Promise<Map<number, RayJob>> {
    return readJobs(await this.service.json('/api/jobs/'), grid)
  }

  private async start({ grid, specification, datasets }: SentGrid, cell: number, attempt: number): Promise<void> {
    const { cpus, gpus, memory } = this.profile
    if (this.packed?.of !== specification) this.packed = { of: specification, as: packGrid(specification, datasets) }
    const { name, bytes } = this.packed.as
    // Asking for it keeps it there for as long as the job needs to begin.
    const found = await this.service.ask('GET', `/api/packages/gcs/${name}`)
    if (found.status === 404) {
      const { status, text } = await this.service.ask('PUT', `/api/packages/gcs/${name}`, bytes)
      if (status !== 200) throw this.service.silent(status, text)
    } else if (found.status !== 200) throw this.service.silent(found.status, found.text)
    await this.post(jobId(grid, cell, attempt), {
      entrypoint: entrypoint(this.profile, grid, cell, false),
      runtime_env: { working_dir: `gcs://${name}` },
      metadata: { normlab_grid: grid, normlab_cell: String(cell) },
      entrypoint_num_cpus: cpus,
      entrypoint_num_gpus: gpus,
      ...(memory !== undefined && { entrypoint_memory: memory * 1_000_000 }),
    })
  }

  /** A name that Ray knows already is that of the same job: the answer to it was lost. */
  private async post(id: string, job: object): Promise<void> {
    const { status, text } = await this.service.ask('POST', '/api/jobs/', { submission_id: id, ...job })
    if (status === 200 || /already exists/.test(text)) return
    if (status >= 500) throw this.service.silent(status, text)
    throw new UserError(`Ray refuses the job: ${lastLine(text)}`, {
      place: this.profile.name,
      remedy: `see normlab cluster check ${this.profile.name}`,
    })
  }

  private follow(job: RayJob, from: number): JobLog {
    const open = this.logs.get(job.id)
    if (open && !open.isGone) return open
    if (open && hasEnded(job)) this.countLoss(job)
    // An earlier attempt at the cell has said what it had to say.
    for (const id of this.logs.keys()) if (id !== job.id && id.startsWith(job.id.replace(/\d+$/, ''))) this.letGo(id)
    const log = new JobLog(this.service.socket(`/api/jobs/${job.id}/logs/tail`), from)
    this.logs.set(job.id, log)
    return log
  }

  private letGo(id: string): void {
    this.logs.get(id)?.close()
    this.logs.delete(id)
  }

  /** @returns how often it was cut off by now. */
  private countLoss({ id }: RayJob): number {
    const losses = (this.losses.get(id) ?? 0) + 1
    this.losses.set(id, losses)
    return losses
  }

  /**
   * @returns whether all of it came; not where the job has printed less, or is lost with its node.
   * @throws NoAnswer where it may come the next time.
   */
  private async readBundle(job: RayJob, to: string): Promise<boolean> {
    const came = await this.bundleOf(job.id, to)
    if (came !== 'cut off') return came === 'whole'
    if (hasEnded(job) && this.countLoss(job) >= MOST_LOSSES) return false
    throw new NoAnswer(`${this.profile.address} broke off while a bundle came`)
  }

  private bundleOf(id: string, to: string): Promise<'whole' | 'partly' | 'cut off'> {
    const file = local(to, () => openSync(to, 'w', 0o600))
    const socket = this.service.socket(`/api/jobs/${id}/logs/tail`)
    const end = (): void => socket.terminate()
    const silence = setTimeout(end, SILENT_MS)
    this.leaving?.addEventListener('abort', end)
    if (this.leaving?.aborted) end()
    return new Promise<'whole' | 'partly' | 'cut off'>((resolve, reject) => {
      let at = 0
      let isWhole = false
      const lines = new Lines((line) => {
        const piece = readToldLine(line, (text) => Buffer.from(text, 'base64'))
        if (piece?.file !== 'bundle' || piece.from !== at || isWhole) return
        try {
          local(to, () => writeAll(file, piece.bytes))
        } catch (error) {
          reject(error as Error)
          return end()
        }
        at += piece.bytes.length
        isWhole = at === piece.total
        if (isWhole) end()
      })
      socket.on('message', (data: Buffer) => {
        silence.refresh()
        lines.add(data.toString('utf8'))
      })
      socket.on('error', () => undefined)
      socket.on('close', (code) => resolve(isWhole ? 'whole' : code === 1000 ? 'partly' : 'cut off'))
    }).finally(() => {
      clearTimeout(silence)
      this.leaving?.removeEventListener('abort', end)
      closeSync(file)
    })
  }
}

/** @throws UserError where the file here cannot be written. */
function local<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw notWritten(file, error as NodeJS.ErrnoException)
  }
}
