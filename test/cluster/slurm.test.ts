import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPlace } from '../../main/places'
import { type OpenLab, createLab } from '../../main/lab'
import type { RunSummary } from '../../shared/api'
import { cellKey } from '../../shared/experiments/expand'
import type { ExperimentDefinition } from '../../shared/experiments/experiment'
import { PlaceProfile } from '../../shared/places/profile'
import { cliPath, hostPath, temporaryHome } from '../integration/lab-support'
import { recordsOf } from './records'
import { type Cluster, missingForCluster, startCluster, until } from './slurm'

/** Two long cells, which are first, and ten short ones. Slurm's array has nine tasks at most here, so that there are two. */
const definition = {
  name: 'twelve',
  base: {
    network: 'plain:blocks=1,widths=4/8',
    data: { name: 'shapes10', train: 64, test: 32 },
    training: { batch: 16, rate: 0.01, epochs: 2, evaluation: { every: 0 }, checkpoint: { every: 50 } },
    execution: { threads: 1 },
  },
  axes: [
    {
      name: 'rate',
      variants: [
        { label: 'long', set: { 'training.epochs': 300 } },
        ...[0.01, 0.02, 0.03, 0.04, 0.05].map((rate) => ({ label: String(rate), set: { 'training.rate': rate } })),
      ],
    },
  ],
  seeds: [1, 2],
} as unknown as ExperimentDefinition

/** Two of the short ones. */
const two = { ...definition, axes: [{ name: 'rate', variants: definition.axes[0]!.variants.slice(1, 3) }], seeds: [3] }

const missing = missingForCluster()
// A machine where it could be had must have it: there this fails, and says what is missing.
const isImpossible = missing !== undefined && process.getuid?.() !== 0

describe.skipIf(isImpossible)(`a grid on a Slurm cluster${isImpossible ? ` (not tried here: it wants ${missing})` : ''}`, () => {
  let cluster: Cluster
  let lab: OpenLab
  let local: OpenLab
  const homes = [temporaryHome(), temporaryHome()]
  const open = (): OpenLab => createLab({ home: homes[0]!.home, hostPath, takesUpRuns: true })
  const profile = (): PlaceProfile =>
    PlaceProfile.parse({
      ...{ kind: 'slurm', name: 'test', host: 'login', minutes: 10, folder: path.join(cluster.folder, 'normlab') },
      command: `${process.execPath} ${cliPath}`,
    })
  beforeAll(async () => {
    if (missing !== undefined) throw new Error(`the tests of clusters need ${missing}; install them, or run npm test as root`)
    cluster = await startCluster()
    process.env['NORMLAB_SSH_CONFIG'] = cluster.sshConfig
    lab = open()
    local = createLab({ home: homes[1]!.home, hostPath })
  }, 600_000)
  afterAll(async () => {
    await lab?.close()
    await local?.close()
    cluster?.close()
    for (const { remove } of homes) remove()
  })

  const runs = async (): Promise<RunSummary[]> => (await lab.request('runs.list', {})).reverse()
  const stepOf = async (run: number): Promise<number> => (await lab.request('runs.show', { run })).progress.step
  const allEnded = async (of: OpenLab): Promise<boolean> =>
    (await of.request('runs.list', {})).every(({ progress }) => progress.phase === 'ended')

  it('says what it would cost and whether all is there, before anything starts', async () => {
    await lab.request('places.save', { profile: profile() })
    const checks = await lab.request('places.check', { name: 'test' })
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['connection', 'fine'],
      ['Slurm', 'fine'],
      ['partition', 'fine'],
      ['folder', 'fine'],
      ['normlab', 'fine'],
    ])
    const plan = await lab.request('places.plan', { place: 'test', definition })
    expect(plan).toMatchObject({ cells: 12, mostCoreHours: 2, mostGpuHours: 0 })
    expect(plan.outlook).toMatch(/^\d{4}-\d\d-\d\d .* in partition main$/)
    expect(await runs()).toEqual([])
  }, 600_000)

  it('has records that equal a local run’s bit for bit, whatever happens to nodes, tasks, controller, login node and lab', async () => {
    const experiment = await lab.request('experiments.send', { place: 'test', definition })
    const first = experiment.cells.map(({ run }) => run!)
    const [placed] = await lab.request('experiments.placed', { id: experiment.id })
    expect(placed!.jobs).toHaveLength(2)
    // The answer to the submission is lost: its markers are gone. What is sent again is found by its name.
    const grid = path.join(cluster.folder, 'normlab/grids', readGrid(cluster))
    rmSync(path.join(grid, 'job-0-9'))
    const place = openPlace(profile())
    const again = await place.submit({ grid: path.basename(grid), specification: '{}', cells: 12, open: [], datasets: [] })
    await place.close()
    expect(again.jobs.map((job) => job.split(':')[0]).sort()).toEqual([...placed!.jobs].sort())

    await until(
      async () => (await stepOf(first[0]!)) > 0 && (await stepOf(first[1]!)) > 0,
      'records of the long cells',
      () => cluster.slurm('squeue', '-r'),
    )
    const nodeOf = (task: number): string =>
      cluster.slurm('squeue', '-h', '-r', '-j', `${placed!.jobs[0]!}_${task}`, '-o', '%N').trim()
    const killed = nodeOf(1)
    expect(killed).toMatch(/^n[12]$/)
    await lab.close()
    cluster.killNode(killed)
    // As Slurm does it when a task's time is nearly over.
    cluster.slurm('scancel', '--signal=USR1', '--batch', `${placed!.jobs[0]!}_0`)
    await cluster.restartController()
    cluster.startNode(killed)
    cluster.stopLogin()
    lab = open()
    await until(async () => (await lab.request('experiments.placed', { id: experiment.id }))[0]!.problem !== null, 'the word that the login node is away') // prettier-ignore
    cluster.startLogin()
    // Both at a time: much of what is at the cluster waits.
    const own = await local.request('experiments.start', { definition })
    await until(
      () => allEnded(lab),
      'the end of all cells',
      () => cluster.slurm('squeue', '-r') + JSON.stringify(placed),
    )

    await until(() => allEnded(local), 'the end of the local runs')
    const known = new Map(own.cells.map((cell) => [cellKey(cell), cell.run!]))
    for (const { run, ...cell } of (await lab.request('experiments.show', { id: experiment.id })).cells) {
      const there = await recordsOf(lab, run!)
      expect(there.state, there.problem).toBe('done')
      expect(there, cellKey(cell)).toEqual(await recordsOf(local, known.get(cellKey(cell))!))
    }
    // Both were cut off in their midst.
    const restarted = [0, 1].map(
      (cell) => readFileSync(path.join(grid, `cell-${cell}/log`), 'utf8').split('"type":"started"').length - 1,
    )
    expect(Math.min(...restarted)).toBeGreaterThan(1)
    expect((await lab.request('runs.checkpoints', { run: first[0]! })).length).toBeGreaterThan(0)
    // Told once its last run's end is stored.
    await until(
      async () => (await lab.request('experiments.placed', { id: experiment.id }))[0]!.isOver,
      'the end of the following',
    )
  }, 600_000)

  it('waits where the controller has room for no more jobs, and is taken later, also after the lab was closed', async () => {
    const there = cluster.slurm('scontrol', '-o', 'show', 'job').match(/^JobId=/gm)?.length ?? 0
    await cluster.restartController(`MaxJobCount=${there + 1}`)
    const sent = await lab.request('experiments.send', { place: 'test', definition: two })
    const placed = async () => (await lab.request('experiments.placed', { id: sent.id }))[0]!
    expect(await placed()).toMatchObject({ jobs: [], waiting: 2, problem: null, isOver: false })
    expect((await runs()).slice(-2).map(({ state }) => state)).toEqual(['queued', 'queued'])
    await lab.close()
    await cluster.restartController('MaxJobCount=10000')
    lab = open()
    await until(() => allEnded(lab), 'the end of what waited')
    expect((await placed()).jobs).not.toEqual([])
    expect((await placed()).waiting).toBe(0)
    for (const { run } of sent.cells) expect((await lab.request('runs.show', { run: run! })).state).toBe('done')
  }, 600_000)

  it('is cancelled, and a task that ends without a last word is told with what it printed', async () => {
    const broken = { ...profile(), name: 'broken', command: 'sh -c "echo no such library >&2; exit 3"' }
    await lab.request('places.save', { profile: broken })
    const short = { ...definition, axes: [{ name: 'a', variants: [definition.axes[0]!.variants[1]!] }], seeds: [1] }
    const failed = await lab.request('experiments.send', { place: 'broken', definition: short })
    const long = {
      ...definition,
      axes: [{ name: 'a', variants: [{ label: 'longer', set: { 'training.epochs': 20_000 } }] }],
      seeds: [7],
    }
    const sent = await lab.request('experiments.send', { place: 'test', definition: long })
    await until(async () => (await stepOf(sent.cells[0]!.run!)) > 0, 'its first records')
    await lab.request('experiments.cancel', { id: sent.id })
    const cancelled = await lab.request('runs.show', { run: sent.cells[0]!.run! })
    expect(cancelled).toMatchObject({ state: 'stopped', problem: { message: 'its task at test was cancelled' } })
    expect(cancelled.progress.step).toBeGreaterThan(0)
    await until(() => allEnded(lab), 'the end of the broken one')
    const { state, problem } = await lab.request('runs.show', { run: failed.cells[0]!.run! })
    expect(state).toBe('interrupted')
    expect(problem!.message).toMatch(
      /^its task at broken ended without a last word \(FAILED.*its last lines: no such library; .*before its first step/,
    )
  }, 600_000)
})

/** The one grid that is there. */
function readGrid(cluster: Cluster): string {
  const { stdout } = { stdout: cluster.slurm('ls', path.join(cluster.folder, 'normlab/grids')) }
  return stdout.trim().split('\n')[0]!
}
