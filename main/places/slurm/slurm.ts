import path from 'node:path'
import { UserError } from '../../../shared/errors'
import type { SlurmProfile } from '../../../shared/places/profile'
import { type CellNews, NoAnswer, type Place, type PlaceCheck, type SentGrid, type Submitted, type TaskState } from '../place'
import { configNumber, firstGap, isCrowded, isFull, isSilent, jobName, limitOf, readJob, readMarkers, readStates, type SlurmJob } from './answers' // prettier-ignore
import { checkSlurm } from './check'
import { lastLine, Ssh } from './ssh'
import { cellFolder, quoted } from '../task'
import { taskOptions, taskScript, writeScript } from './task-script'

/** As many bytes of one log, and of all, come with one answer. */
const MOST_OF_A_LOG = 8e6
const MOST_AT_ONCE = 64e6
/** Where the cluster does not say how large an array may be. */
const USUAL_ARRAY = 1001
/** sbatch is given up after so many seconds: longer than a call to the controller may take (MessageTimeout, 10 unless the site set more), shorter than sbatch's own tries of a full one. */
const SBATCH_S = 25
/** Between two tries to submit what there was no room for, milliseconds, while no cell of the grid ends: whoever asks may do so every second. */
const ROOM_MS = 60_000
/** Of `timeout`, for what it ended. */
const TIMED_OUT = 124
/** Lines of its output that a task which went wrong is told by. */
const LAST_LINES = 6

/** A cluster under Slurm: its login node is asked over ssh, with Slurm's own commands and the few that every Unix has. */
export class SlurmPlace implements Place {
  private readonly ssh: Ssh
  /** Tasks of the next array, where the controller had no room for more: a try costs half a minute, so that there is one at a time. */
  private fitting = Infinity
  /** What was last told of a grid that was not taken whole, when, and how many of its cells were open then. */
  private full: { readonly told: Submitted; readonly since: number; readonly open: number } | undefined

  constructor(
    private readonly profile: SlurmProfile,
    leaving?: AbortSignal,
  ) {
    this.ssh = new Ssh(profile, leaving)
  }

  async submit({ grid, specification, cells, open, datasets }: SentGrid): Promise<Submitted> {
    const { full } = this
    if (full && open.length >= full.open && performance.now() - full.since < ROOM_MS) return full.told
    for (const folder of datasets) await this.sendDataset(folder)
    const folder = this.folderOf(grid)
    const said = await this.done(
      [
        `mkdir -p ${quoted(folder)} && cd ${quoted(folder)} || exit 1`,
        `if [ ! -e cells.json ]; then`,
        writeScript('task.sh', taskScript(this.profile, datasets.length > 0)),
        writeScript('cells.json', specification),
        'fi',
        MARKERS,
        'scontrol show config',
      ].join('\n'),
      'the grid could not be written',
    )
    const jobs = readMarkers(said)
    let most = Math.min(this.fitting, configNumber(said, 'MaxArraySize') ?? USUAL_ARRAY)
    for (let gap = firstGap(jobs, cells); gap; gap = firstGap(jobs, cells)) {
      const count = Math.min(gap.count, most)
      const job = await this.submitArray(grid, gap.first, count)
      this.fitting = job === 'crowded' ? Math.ceil(count / 2) : Infinity
      if (typeof job === 'object') jobs.push(job)
      else if (count === 1 || job === 'crowded') break
      // As many as the account may have wait or run: fewer may fit.
      else most = Math.ceil(count / 2)
    }
    const taken = jobs.reduce((sum, { count }) => sum + count, 0)
    const told = { jobs: jobs.map(jobName), left: Math.max(0, cells - taken) }
    this.full = told.left > 0 ? { told, since: performance.now(), open: open.length } : undefined
    return told
  }

  async states(_grid: string, names: readonly string[]): Promise<ReadonlyMap<number, TaskState>> {
    const jobs = names.map(readJob)
    if (jobs.length === 0) return new Map()
    const ids = jobs.map(({ id }) => id).join(',')
    const { output, errors } = await this.ssh.run(
      [
        `squeue -h -r -j ${ids} -o '%F|%K|%T|%r'`,
        `echo ${PART}`,
        ...jobs.map(({ id }) => `scontrol -o show job ${id} 2>/dev/null`),
        `echo ${PART}`,
        // A cluster without accounting has none of this.
        `sacct -n -P -X -j ${ids} -o JobID,State,Reason,ExitCode 2>/dev/null`,
        'exit 0',
      ].join('\n'),
    )
    if (isSilent(errors)) throw new NoAnswer(`Slurm’s controller gives no answer: ${lastLine(errors)}`)
    const [queue = '', details = '', accounting = ''] = output.toString().split(`${PART}\n`)
    return readStates({ queue, details, accounting }, jobs)
  }

  async again(_sent: SentGrid, names: readonly string[], cell: number): Promise<boolean> {
    const job = names.map(readJob).find(({ first, count }) => cell >= first && cell < first + count)
    if (!job) return false
    const { status, errors } = await this.ssh.run(`scontrol requeue ${job.id}_${cell - job.first}`)
    if (isSilent(errors)) throw new NoAnswer(`Slurm’s controller gives no answer: ${lastLine(errors)}`)
    return status === 0
  }

  async cancel(grid: string, names: readonly string[], cells?: readonly number[]): Promise<void> {
    const jobs = names.map(readJob)
    const isAll = cells === undefined
    const tasks = isAll
      ? jobs.map(({ id }) => String(id))
      : cells.flatMap((cell) => {
          const job = jobs.find(({ first, count }) => cell >= first && cell < first + count)
          return job ? [`${job.id}_${cell - job.first}`] : []
        })
    const { errors } = await this.ssh.run(
      [
        `cd ${quoted(this.folderOf(grid))} || exit 0`,
        // A task that is put into the queue again meanwhile finds this, and ends.
        ...(isAll ? [`: > cancelled`] : cells.map((cell) => `mkdir -p ${cellFolder(cell)} && : > ${cellFolder(cell)}/cancelled`)),
        ...(tasks.length > 0 ? [`scancel ${tasks.join(' ')}`] : []),
      ].join('\n'),
    )
    if (isSilent(errors)) throw new NoAnswer(`Slurm’s controller gives no answer: ${lastLine(errors)}`)
  }

  async fetch(grid: string, known: ReadonlyMap<number, number>): Promise<readonly CellNews[]> {
    const folder = quoted(this.folderOf(grid))
    const listed = await this.done(`cd ${folder} && { wc -c ${cellFolder('*')}/log ${cellFolder('*')}/end 2>/dev/null; true; }`, 'the grid’s folder is gone') // prettier-ignore
    const sizes = new Map<string, number>()
    for (const [, bytes, file] of listed.matchAll(/^\s*(\d+) (cell-\d+\/(?:log|end))$/gm)) sizes.set(file!, Number(bytes))
    let room = MOST_AT_ONCE
    const wanted = [...known].flatMap(([cell, offset]) => {
      const log = sizes.get(`${cellFolder(cell)}/log`) ?? 0
      const bytes = Math.max(0, Math.min(log - offset, MOST_OF_A_LOG, room))
      room -= bytes
      const end = offset + bytes >= log ? (sizes.get(`${cellFolder(cell)}/end`) ?? 0) : 0
      return bytes + end > 0 ? [{ cell, offset, bytes, end }] : []
    })
    if (wanted.length === 0) return []
    const script = wanted.flatMap(({ cell, offset, bytes, end }) => [
      ...(bytes > 0 ? [`tail -c +${offset + 1} ${cellFolder(cell)}/log | head -c ${bytes}`] : []),
      ...(end > 0 ? [`cat ${cellFolder(cell)}/end`] : []),
    ])
    const { output } = await this.ssh.run([`cd ${folder} || exit 1`, ...script].join('\n'))
    if (output.length !== wanted.reduce((sum, { bytes, end }) => sum + bytes + end, 0))
      throw new NoAnswer('the grid’s files changed while they were read')
    let at = 0
    const take = (bytes: number): Buffer => output.subarray(at, (at += bytes))
    return wanted.map(({ cell, bytes, end }) => ({ cell, log: take(bytes), end: end > 0 ? take(end).toString() : null }))
  }

  async bring(grid: string, cell: number, to: string): Promise<void> {
    const { status, errors } = await this.ssh.get(`${this.folderOf(grid)}/${cellFolder(cell)}/run.bundle`, to)
    if (status !== 0) throw new UserError(`the cell’s bundle cannot be read there: ${lastLine(errors)}`)
  }

  async lastLines(grid: string, cell: number): Promise<string> {
    const file = quoted(`${this.folderOf(grid)}/${cellFolder(cell)}/output`)
    const { output } = await this.ssh.run(`tail -n ${LAST_LINES} ${file} 2>/dev/null; exit 0`)
    return output.toString().trim().slice(-4000)
  }

  async outlook(): Promise<string | null> {
    const options = taskOptions(this.profile).map(quoted).join(' ')
    const { errors } = await this.ssh.run(`sbatch --test-only ${options} --wrap=true`)
    const at = /to start at (\S+) (.*)$/m.exec(errors)
    return at ? `${at[1]!.replace('T', ' ')} ${at[2]!.trim()}` : null
  }

  check(): Promise<readonly PlaceCheck[]> {
    return checkSlurm(this.profile, this.ssh)
  }

  close(): Promise<void> {
    return this.ssh.close()
  }

  private folderOf(grid: string): string {
    return `${this.profile.folder}/grids/${grid}`
  }

  /** A marker on the login node, and the array's name where the node died before it was written, keep the array from being submitted twice. */
  private async submitArray(grid: string, first: number, count: number): Promise<SlurmJob | 'full' | 'crowded'> {
    const name = `normlab-${grid}-${first}-`
    const options = [...taskOptions(this.profile), `--job-name=${name}${count}`, `--array=0-${count - 1}`].map(quoted).join(' ')
    const { status, output, errors } = await this.ssh.run(
      [
        `cd ${quoted(this.folderOf(grid))} || exit 1`,
        `count=${count}`,
        `if [ ! -s job-${first}-$count ]; then`,
        // Where the controller cannot be asked, nothing is submitted either.
        `  all=$(squeue -h -u "$(id -un)" -o '%F %j') || exit 1`,
        // It may have been submitted with another count.
        `  had=$(echo "$all" | grep ' ${name}[0-9]*$' | head -n 1)`,
        `  if [ -n "$had" ]; then id=\${had%% *}; count=\${had##*-}`,
        `  else id=$(timeout ${SBATCH_S} sbatch --parsable ${options} task.sh ${first}) || exit $?; fi`,
        `  echo "\${id%%;*}" > job-${first}-$count.part && mv job-${first}-$count.part job-${first}-$count`,
        'fi',
        `echo "job-${first}-$count $(cat job-${first}-$count)"`,
      ].join('\n'),
    )
    const [job] = readMarkers(output.toString())
    if (status === 0 && job) return job
    if (isSilent(errors)) throw new NoAnswer(`Slurm’s controller gives no answer: ${lastLine(errors)}`)
    if (isCrowded(errors)) return 'crowded'
    if (isFull(errors)) return 'full'
    if (status === TIMED_OUT) throw new NoAnswer(`Slurm’s controller gave no answer to sbatch within ${SBATCH_S} s`)
    const limit = limitOf(errors)
    const said = lastLine(errors).replace(/^sbatch: error: /, '')
    throw new UserError(`Slurm refuses the tasks: ${said}${limit === undefined ? '' : ` (${limit})`}`, {
      place: this.profile.name,
      remedy: `change its profile: normlab cluster add ${this.profile.name} …, and start again`,
    })
  }

  private async sendDataset(folder: string): Promise<void> {
    const name = path.basename(folder)
    const [all, aside] = [`${this.profile.folder}/datasets`, `${this.profile.folder}/datasets.part`]
    const { output } = await this.ssh.run(
      `mkdir -p ${quoted(all)} ${quoted(aside)}; [ -d ${quoted(`${all}/${name}`)} ] && echo there; exit 0`,
    )
    if (output.toString().includes('there')) return
    const { status, errors } = await this.ssh.putFolder(path.dirname(folder), name, aside)
    if (status !== 0)
      throw new UserError(`the data set could not be sent to ${this.profile.name}: ${lastLine(errors)}`, { place: name })
    await this.done(`mv ${quoted(`${aside}/${name}`)} ${quoted(`${all}/${name}`)}`, 'the data set could not be put in its place')
  }

  /** @throws UserError where the script fails. */
  private async done(script: string, what: string): Promise<string> {
    const { status, output, errors } = await this.ssh.run(script)
    if (isSilent(errors)) throw new NoAnswer(`Slurm’s controller gives no answer: ${lastLine(errors)}`)
    if (status !== 0)
      throw new UserError(`${what}: ${lastLine(errors)}`, {
        place: this.profile.name,
        remedy: `see normlab cluster check ${this.profile.name}`,
      })
    return output.toString()
  }
}

/** Between parts of an answer. */
const PART = '@normlab-part'
/** Tells all markers of a grid. */
const MARKERS = 'for job in job-*-*; do case $job in *.part) ;; *) [ -s "$job" ] && echo "$job $(cat "$job")" ;; esac; done'
