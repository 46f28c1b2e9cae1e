import { afterEach, beforeEach, expect, it } from 'vitest'
import { labSettings } from '../../shared/lab-settings'
import { ended, jsonLines, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => {
  ;({ home, remove } = temporaryHome())
})
afterEach(() => remove())

it('settings of the data folder are listed, told and changed by name, and a wrong word is a sentence', async () => {
  const kept = labSettings.filter((setting) => setting.kept === 'data folder').map(({ name }) => name)
  const [all] = jsonLines((await normlab(['settings', '--json'], home)).stdout)
  expect(Object.keys(all!).sort()).toEqual([...kept].sort())
  expect((await normlab(['settings'], home)).stdout).toContain('whenClosed')
  expect((await normlab(['settings', 'set', 'whenClosed', 'background'], home)).stdout).toBe('whenClosed is background now.\n')
  expect((await normlab(['settings', 'get', 'whenClosed'], home)).stdout).toBe('background\n')
  expect((await normlab(['settings', 'set', 'whenClosed', 'default'], home)).stdout).toBe('whenClosed is ask now.\n')
  expect((await normlab(['settings', 'set', 'baseline', 'none'], home)).stdout).toBe('baseline is none now.\n')
  for (const [words, sentence] of [
    [['set', 'whenClosed', 'stopp'], /whenClosed: "stopp" is not one of its words; perhaps stop/],
    [['set', 'parallelRuns', '0'], /parallelRuns: "0" is out of range/],
    [['set', 'keepAwake', 'maybe'], /keepAwake: "maybe" is neither true nor false/],
    [['set', 'device', 'tpu'], /device: "tpu" does not fit; it must be auto, cpu or gpu:0/],
    [['get', 'parallelruns'], /there is no setting "parallelruns"; perhaps parallelRuns/],
    [['get', 'theme'], /theme is kept by each page for itself; choose it on the page Settings/],
  ] as const) {
    const { status, stderr } = await normlab(['settings', ...words], home)
    expect(stderr).toMatch(sentence)
    expect(status).toBe(2)
  }
})

it('a run without a device of its own takes the one of the settings, and keeps it', async () => {
  const lab = openLab(home)
  try {
    await lab.request('lab.configure', { device: 'cpu' })
    const run = await lab.request('runs.start', tiny({ epochs: 1 }))
    expect(run.configuration.execution.device).toBe('cpu')
    await lab.request('lab.configure', { device: 'auto' })
    await until(lab, run.id, ended)
    expect((await lab.request('runs.show', { run: run.id })).configuration.execution.device).toBe('cpu')
    // So with the threads; a run that names its own keeps them.
    await lab.request('lab.configure', { threads: 2 })
    const { execution: _, ...unnamed } = tiny({ epochs: 1 })
    expect((await lab.request('runs.start', unnamed)).configuration.execution.threads).toBe(2)
    expect((await lab.request('runs.start', tiny({ epochs: 1 }))).configuration.execution.threads).toBe(1)
    await lab.request('lab.configure', { device: 'gpu:99' })
    await expect(lab.request('runs.start', tiny({ epochs: 1 }))).rejects.toThrow(/gpu:99/)
  } finally {
    await lab.close()
  }
})
