import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { leavingWords } from '../../../main/window/leaving-words'
import { filesNamed } from '../../../main/window/opened-kinds'
import { RecentFiles } from '../../../main/window/recent-files'
import { RunOrigin } from '../../../shared/run-origin'
import { newsOf, overallOf } from '../../../main/window/run-news'
import { trayWords } from '../../../main/window/tray-words'

type Known = Parameters<typeof newsOf>[1]
const run = (state: Known['state'], more: Partial<Known> = {}): Known => ({
  ...{ id: 3, name: 'proc-resnet', state, problem: null, notices: [] },
  measures: { testError: 0.0825 } as Known['measures'],
  ...more,
})

describe('news of runs', () => {
  it('are its end, its failure with the reason, and alarms; not what somebody did to it', () => {
    expect(newsOf(run('running'), run('done')).map(({ body }) => body)).toEqual(['Done, test error 8.3 %.'])
    const problem = { message: 'diverged at step 12 in stage2.block1' }
    expect(newsOf(run('running'), run('failed', { problem })).map(({ body }) => body)).toEqual([
      'Diverged at step 12 in stage2.block1.',
    ])
    const alarm = { kind: 'alarm' as const, step: 40, at: '2026-01-01T00:00:00Z', message: 'deviation > 0.5 for 10 steps' }
    const other = { step: 41, at: '2026-01-01T00:00:00Z', message: 'went on after step 41, from its checkpoint' }
    expect(newsOf(run('running'), run('running', { notices: [alarm, other] })).map(({ body }) => body)).toEqual([
      'Deviation > 0.5 for 10 steps.',
    ])
    for (const state of ['paused', 'stopped', 'interrupted'] as const) expect(newsOf(run('running'), run(state))).toEqual([])
    expect(newsOf(null, run('done'))).toEqual([])
    expect(newsOf(run('done'), run('done'))).toEqual([])
  })

  it('add up to one share of what goes on', () => {
    const at = (state: Known['state'], step: number) =>
      ({ state, progress: { step, steps: 100 } }) as Parameters<typeof overallOf>[0] extends Iterable<infer R> ? R : never
    expect(overallOf([at('running', 50), at('paused', 100), at('queued', 0), at('done', 100)])).toEqual({
      trains: true,
      isPaused: false,
      share: 0.5,
    })
    expect(overallOf([at('paused', 20)])).toEqual({ trains: false, isPaused: true, share: 0.2 })
    expect(overallOf([at('queued', 0)])).toEqual({ trains: false, isPaused: false, share: null })
  })
})

describe('runs that go on without a window', () => {
  const at = (id: number, state: Known['state'], step = 0) => ({
    ...{ id, name: `net ${id}`, state },
    progress: { step, steps: 100 } as Parameters<typeof trayWords>[0] extends Iterable<infer R extends { progress: unknown }>
      ? R['progress']
      : never,
  })

  it('are told by the icon, which offers what can be done to them', () => {
    expect(trayWords([at(1, 'running', 42), at(2, 'done', 100)])).toEqual({
      tip: 'NormLab: #1 net 1, 42 %',
      ...{ pause: 'Pause #1 net 1', goOn: undefined, stop: 'Stop #1 net 1' },
    })
    expect(trayWords([at(1, 'paused', 42)])).toMatchObject({
      tip: 'NormLab: #1 net 1, 42 %, paused',
      goOn: 'Go on with #1 net 1',
    })
    expect(trayWords([at(1, 'running', 40), at(2, 'running', 60), at(3, 'queued')])).toEqual({
      tip: 'NormLab: 3 runs, 33 %',
      ...{ pause: 'Pause all 2 runs', goOn: undefined, stop: 'Stop all 3 runs' },
    })
    // A program that records its training is not ours to stop.
    const recorded = { ...at(4, 'running', 10), origin: RunOrigin.parse({ kind: 'recorder', framework: 'PyTorch' }) }
    expect(trayWords([at(1, 'running', 40), recorded])).toMatchObject({ tip: 'NormLab: #1 net 1, 40 %', stop: 'Stop #1 net 1' })
    expect(trayWords([at(2, 'done', 100)])).toEqual({
      tip: 'NormLab: nothing is training',
      ...{ pause: undefined, goOn: undefined, stop: undefined },
    })
  })

  it('are asked about as one or as several', () => {
    expect(leavingWords([{ name: 'resnet' }])).toEqual({
      message: '“resnet” is still going on.',
      detail:
        'Stopped, it ends after the current step; paused, it can go on when NormLab is started again, from its last checkpoint. Every finished step stays on record.',
    })
    expect(leavingWords([{ name: 'a' }, { name: 'b' }])).toEqual({
      message: '2 runs are still going on.',
      detail:
        'Stopped, they end after their current steps; paused, they can go on when NormLab is started again, from their last checkpoints. Every finished step stays on record.',
    })
  })
})

describe('files that are opened', () => {
  it('are those of a start that NormLab opens; the latest stand first, ten at most', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'normlab-opened-'))
    try {
      for (const name of ['net with ü.json', 'run.NORMLAB', 'notes.txt']) writeFileSync(path.join(folder, name), '{}')
      const words = ['--home', folder, 'net with ü.json', '-x', path.join(folder, 'run.NORMLAB'), 'notes.txt', 'gone.json']
      expect(filesNamed(words, folder).map((file) => path.basename(file))).toEqual([
        ...['net with ü.json', 'run.NORMLAB'],
        // It is told that this one is not there.
        'gone.json',
      ])

      const file = path.join(folder, 'recent.json')
      const recent = new RecentFiles(file)
      for (let i = 0; i < 12; i++) recent.add(path.join(folder, `${i}.json`))
      recent.add(path.join(folder, '5.json'))
      const names = new RecentFiles(file).list.map((one) => path.basename(one, '.json'))
      expect(names).toEqual(['5', '11', '10', '9', '8', '7', '6', '4', '3', '2'])
      recent.remove(path.join(folder, '11.json'))
      expect(new RecentFiles(file).list.map((one) => path.basename(one, '.json')).slice(0, 3)).toEqual(['5', '10', '9'])
      for (const spoilt of ['{', '[1]', '{"a":1}', '["relative.json"]']) {
        writeFileSync(file, spoilt)
        expect(new RecentFiles(file).list).toEqual([])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
