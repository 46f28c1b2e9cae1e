import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import { readSettings, train } from '../../../main/cli/train'
import { Configuration, Training } from '../../../shared/configuration'
import { settingAt, settings } from '../../../shared/settings'
import { commandLine, shellWords } from '../../../shared/settings/command-line'
import { fieldOf, readValue, tellValue, writeValue } from '../../../shared/settings/field'
import { groups } from '../../../shared/settings/groups'
import { flatten } from '../../../shared/settings/values'
import { allSettings, mainSettings } from '../../../shared/settings/summary'
import { anySettings } from './setting-values'

const { data, training, execution, seed } = Configuration.shape
/** All that is absent filled in, as a configuration has it. */
const complete = (tree: { data?: unknown; training?: unknown; execution?: unknown; seed?: unknown }) => ({
  data: data.parse(tree.data),
  training: training.parse(tree.training),
  execution: execution.parse(tree.execution),
  seed: seed.parse(tree.seed),
})

describe('the settings', () => {
  it('have each a path, a label and an option of their own', () => {
    const options = settings.flatMap(({ option }) => option?.name ?? [])
    for (const names of [settings.map(({ path }) => path), settings.map(({ label }) => label), options])
      expect(new Set(names).size).toBe(names.length)
  })

  it.each(settings.map((setting) => [setting.path, setting] as const))(
    '%s is told in one sentence and has a usual value',
    (_, setting) => {
      expect(setting.says).toMatch(/^\S.*[^.]$/)
      expect(Object.keys(groups)).toContain(setting.group)
      const { default: usual, kind, choices } = fieldOf(setting)
      if (usual === undefined || (Array.isArray(usual) && usual.length === 0)) expect(setting.absent).toBeTruthy()
      if (kind === 'choice') expect(Object.keys(setting.words ?? {})).toEqual(choices)
    },
  )

  it('apply by settings that there are', () => {
    for (const { applies } of settings)
      applies?.((path) => {
        expect(settingAt(path), path).toBeDefined()
        return fieldOf(settingAt(path)!).default
      })
  })

  it('make up the configuration’s schema, all with defaults', () => {
    const paths = [...flatten(complete({})).keys()]
    const absent = settings.filter((setting) => fieldOf(setting).default === undefined).map(({ path }) => path)
    expect(new Set([...paths, ...absent])).toEqual(new Set(settings.map(({ path }) => path)))
    expect(Training.parse({})).toMatchObject({ epochs: 10, batch: 32, rate: 0.1, projection: { layers: 'none', every: 1 } })
  })

  it('are read as they are written', () => {
    fc.assert(
      fc.property(anySettings, (tree) => {
        for (const [path, value] of flatten(tree)) {
          const setting = settingAt(path)!
          const read = readValue(setting, writeValue(setting, value))
          expect('value' in read && setting.schema.parse(read.value), path).toEqual(setting.schema.parse(value))
          expect(tellValue(setting, value)).not.toBe('')
        }
      }),
    )
  })

  it('come back from a command line as they were', () => {
    fc.assert(
      fc.property(anySettings, (tree) => {
        const wanted = complete(tree)
        expect(complete(readSettings(parse(train, ['net', ...commandLine(tree)])))).toEqual(wanted)
      }),
      { numRuns: 300 },
    )
  })

  it('are all in a run’s summary where they have a meaning, the main ones and what is unusual first', () => {
    const everything = complete({
      training: {
        ...{ optimiser: 'adam', schedule: 'one-cycle', scheduleForm: 1 },
        ...{ earlyStop: { measure: 'test-loss' }, augmentation: { crop: 4 } },
      },
    })
    const told = new Set(
      [
        everything,
        complete({
          training: {
            ...{ milestones: [3], projection: { layers: 'all' }, whitening: true },
            ...{ clip: { layers: 'all' }, orthogonality: { form: 'kernel' }, spectra: { every: 100 } },
          },
        }),
        complete({ training: { optimiser: 'muon', depth: { alpha: 1 } } }),
        complete({ training: { optimiser: 'soap' } }),
      ].flatMap((tree) => allSettings(tree).flatMap((group) => group.settings.map(([label]) => label))),
    )
    expect(told).toEqual(new Set(settings.map(({ label }) => label)))
    expect(mainSettings(complete({ training: { steps: 200, epochs: 4, augmentation: { flip: true } } }))).toEqual(
      expect.arrayContaining([
        ['Epochs', '4'],
        ['Steps at most', '200'],
        ['Batch', '32 images'],
        ['Rate', '0.1'],
        ['Mirror images', 'on'],
        ['Projection', 'None'],
        ['Seed', '1'],
      ]),
    )
    expect(mainSettings(complete({})).map(([label]) => label)).not.toContain('Standardisation')
  })

  it('are told by few words where few are set', () => {
    expect(commandLine({})).toEqual([])
    expect(
      shellWords(
        commandLine({
          data: { name: 'digits', train: 500 },
          training: { batch: 8, nesterov: true, milestones: [150, 225], augmentation: { flip: true, crop: 4 }, whitening: true },
          seed: 3,
        }),
      ),
    ).toBe(
      '--data digits --batch 8 --optimizer nesterov --schedule 150,225 --augment flip,crop4 --whiten --seed 3 --set data.train=500',
    )
    expect(shellWords(commandLine({ training: { projection: { layers: ['stage1.*'] } } }))).toBe(
      "--set 'projection.layers=stage1.*'",
    )
  })
})
