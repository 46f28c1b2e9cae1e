import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareRay } from '../../build/prepare/ray'
import { type OpenLab, createLab } from '../../main/lab'
import { cellKey } from '../../shared/experiments/expand'
import type { ExperimentDefinition } from '../../shared/experiments/experiment'
import { RayProfile } from '../../shared/places/profile'
import { cliPath, hostPath, temporaryHome } from '../integration/lab-support'
import { type RayHead, startRay } from './ray'
import { recordsOf } from './records'
import { until } from './slurm'

const base = {
  network: 'plain:blocks=1,widths=4/8',
  data: { name: 'shapes10', train: 64, test: 32 },
  training: { batch: 16, rate: 0.01, epochs: 2, evaluation: { every: 0 }, checkpoint: { every: 20 } },
  execution: { threads: 1 },
}
const grid = (name: string, variants: readonly { readonly label: string; readonly set: object }[]): ExperimentDefinition =>
  ({ name, base, axes: [{ name: 'rate', variants }], seeds: [1] }) as unknown as ExperimentDefinition

/** Two that are cut off in their midst, and one that is done before. */
const three = grid('three', [
  { label: 'short', set: { 'training.rate': 0.02 } },
  { label: 'killed', set: { 'training.epochs': 150 } },
  { label: 'lost', set: { 'training.epochs': 180 } },
])

const prepared = await prepareRay()

describe.skipIf(!prepared)(
  `a grid on a Ray cluster${prepared ? '' : ' (not tried here: Ray is not made for this system)'}`,
  () => {
    let head: RayHead
    let lab: OpenLab
    let local: OpenLab
    const homes = [temporaryHome(), temporaryHome()]
    const open = (): OpenLab => createLab({ home: homes[0]!.home, hostPath, takesUpRuns: true })
    const profile = (name = 'test'): RayProfile =>
      RayProfile.parse({
        ...{ kind: 'ray', name, address: head.address, folder: path.join(head.folder, 'normlab'), jobs: 2 },
        command: `${process.execPath} ${cliPath}`,
      })
    beforeAll(async () => {
      head = await startRay(prepared!)
      lab = open()
      local = createLab({ home: homes[1]!.home, hostPath })
    }, 900_000)
    afterAll(async () => {
      await lab?.close()
      await local?.close()
      head?.close()
      for (const { remove } of homes) remove()
    })

    const detail = (run: number) => lab.request('runs.show', { run })
    const stepOf = async (run: number): Promise<number> => (await detail(run)).progress.step
    const allEnded = async (of: OpenLab): Promise<boolean> =>
      (await of.request('runs.list', {})).every(({ progress }) => progress.phase === 'ended')

    it('asks for a token, which is kept for its address and told to nobody', async () => {
      await lab.request('places.save', { profile: profile() })
      const [refused] = await lab.request('places.check', { name: 'test' })
      expect(refused).toMatchObject({ name: 'connection', state: 'fault', text: expect.stringContaining('asks for a token') })
      const saved = await lab.request('places.save', { profile: profile(), token: head.token })
      const checks = await lab.request('places.check', { name: 'test' })
      expect(checks.map(({ name, state }) => [name, state])).toEqual([
        ['connection', 'fine'],
        // A head that has just started does not say it yet.
        ['cores', expect.stringMatching(/fine|unknown/)],
        ['folder', 'fine'],
        ['normlab', 'fine'],
      ])
      const plan = await lab.request('places.plan', { place: 'test', definition: three })
      expect(plan).toMatchObject({ cells: 3, mostCoreHours: null, mostGpuHours: 0 })
      expect(JSON.stringify([saved, checks, plan])).not.toContain(head.token)
    }, 600_000)

    it('has records that equal a local run’s bit for bit, whatever happens to a job, the head and the lab', async () => {
      const experiment = await lab.request('experiments.send', { place: 'test', definition: three })
      const [short, killed, lost] = experiment.cells.map(({ run }) => run!) as [number, number, number]
      const grids = path.join(head.folder, 'normlab/grids')
      const log = (cell: number): string => {
        const file = path.join(grids, readdirSync(grids)[0]!, `cell-${cell}/log`)
        return existsSync(file) ? readFileSync(file, 'utf8') : ''
      }
      // At its log itself: what the lab has of it is some seconds old.
      const hasCheckpoint = (cell: number) => (): boolean =>
        existsSync(grids) && /"step":(2[1-9]|[3-9]\d|\d{3})\b/.test(log(cell))
      await until(hasCheckpoint(1), 'records of the second cell')
      head.killJob('--home\0cell-1/home')
      await until(hasCheckpoint(2), 'records of the third cell')
      await lab.close()
      // With it Ray loses all it knew of the jobs, and what they printed.
      await head.restart()
      lab = open()
      await until(() => allEnded(lab), 'the end of all cells', () => JSON.stringify([short, killed, lost])) // prettier-ignore
      const own = await local.request('experiments.start', { definition: three })
      await until(() => allEnded(local), 'the end of the local runs')
      const known = new Map(own.cells.map((cell) => [cellKey(cell), cell.run!]))
      for (const { run, ...cell } of experiment.cells) {
        const there = await recordsOf(lab, run!)
        expect(there.state, there.problem).toBe('done')
        expect(there, cellKey(cell)).toEqual(await recordsOf(local, known.get(cellKey(cell))!))
      }
      for (const cell of [1, 2]) expect(log(cell).split('"type":"started"').length - 1).toBeGreaterThan(1)
      expect((await lab.request('runs.checkpoints', { run: killed })).length).toBeGreaterThan(0)
      // Told once its last run's end is stored.
      await until(
        async () => (await lab.request('experiments.placed', { id: experiment.id }))[0]!.isOver,
        'the end of the following',
      )
    }, 900_000)

    it('is cancelled, and a job that ends without a last word is told with what it printed', async () => {
      const broken = { ...profile('broken'), command: 'sh -c "echo no such library >&2; exit 3"' }
      await lab.request('places.save', { profile: broken })
      const failing = await lab.request('experiments.send', {
        place: 'broken',
        definition: grid('broken', [three.axes[0]!.variants[0]!]),
      })
      const long = grid('long', [{ label: 'longer', set: { 'training.epochs': 20_000 } }])
      const sent = await lab.request('experiments.send', { place: 'test', definition: long })
      await until(async () => (await stepOf(sent.cells[0]!.run!)) > 0, 'its first records')
      await lab.request('experiments.cancel', { id: sent.id })
      const cancelled = await detail(sent.cells[0]!.run!)
      expect(cancelled).toMatchObject({ state: 'stopped', problem: { message: 'its task at test was cancelled' } })
      expect(cancelled.progress.step).toBeGreaterThan(0)
      await until(() => allEnded(lab), 'the end of the broken one')
      const { state, problem } = await detail(failing.cells[0]!.run!)
      expect(state).toBe('interrupted')
      expect(problem!.message).toMatch(/^its task at broken ended without a last word \(FAILED \(exit status 3\)\); its last lines: no such library; .*before its first step/) // prettier-ignore
    }, 600_000)
  },
)
