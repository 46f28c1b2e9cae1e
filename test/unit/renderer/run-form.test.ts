import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literatureDepth, networkDepth, parsePresetWords, presetWords } from '../../../renderer/new-run/preset-words'
import { applyRecipe, applyRecommended, emptyForm, formOf, requestOf, type RunForm } from '../../../renderer/new-run/run-form'
import { parse } from '../../../main/cli/arguments'
import { readSettings, train } from '../../../main/cli/train'
import { setIn, settingsOf, type SettingValues } from '../../../renderer/setting-fields/setting-values'
import { LabApi, type RunDetail } from '../../../shared/api'
import { listPresets, networkFromPreset } from '../../../shared/architecture'
import { DataChoice, Training } from '../../../shared/configuration'
import { recipes } from '../../../shared/recipes'
import { settings } from '../../../shared/settings'
import { commandLine } from '../../../shared/settings/command-line'
import { anySettings } from '../shared/setting-values'

const procResnet = listPresets().find(({ name }) => name === 'proc-resnet')!

const formWith = (values: SettingValues): RunForm => ({ ...emptyForm(), settings: { ...emptyForm().settings, ...values } })

describe('the words of a preset', () => {
  it('come apart and together again', () => {
    const words = parsePresetWords('proc-resnet:blocks=2,planes=4/8/16')
    expect(words).toEqual({ preset: 'proc-resnet', options: { blocks: '2', planes: '4/8/16' } })
    expect(presetWords(procResnet, words.options)).toBe('proc-resnet:blocks=2,planes=4/8/16')
    expect(presetWords(procResnet, { blocks: ' ' })).toBe('proc-resnet')
  })

  it('tell by a depth in the name what its options are', () => {
    expect(parsePresetWords('proc-resnet-166')).toEqual({ preset: 'proc-resnet', options: { blocks: '18' } })
    expect(parsePresetWords('densenet-bc-100-12:stages=3')).toEqual({
      preset: 'densenet-bc',
      options: { blocks: '16', growth: '12', stages: '3' },
    })
    expect(parsePresetWords('nonet:blocks=2')).toEqual({ preset: 'nonet', options: {} })
  })

  it('name the depth of the literature', () => {
    expect(literatureDepth(procResnet, { blocks: '18' })).toBe(166)
    expect(literatureDepth(procResnet, { blocks: 'x' })).toBeNull()
  })

  it('give way to a designed network, whose depth is counted as the designer does', () => {
    expect(networkDepth(networkFromPreset('resnet-20'), null, {})).toBe(20)
    expect(networkDepth(null, procResnet, { blocks: '2' })).toBe(22)
    expect(networkDepth(null, null, {})).toBeNull()
  })
})

describe('the form of a new run', () => {
  it('asks for what the lab accepts, with the defaults of the schema', () => {
    const { request } = requestOf(emptyForm(), 'proc-resnet:blocks=3')
    expect(LabApi['runs.start'].input.safeParse(request).success).toBe(true)
    expect(request).toMatchObject({ data: { name: 'shapes10' }, training: { epochs: 10, batch: 32, rate: 0.1 }, seed: 1 })
  })

  it('leaves out what is left empty', () => {
    const { request } = requestOf(formWith({ 'training.steps': '', 'execution.threads': ' ' }), 'plain-8')
    expect(request).not.toHaveProperty('name')
    expect(request?.training).not.toHaveProperty('steps')
    expect(request?.execution).not.toHaveProperty('threads')
  })

  it('says at the field what is wrong with it', () => {
    const { problems } = requestOf(
      formWith({
        ...{ 'training.batch': '0', 'training.rate': 'fast', 'training.milestones': '3, x', 'training.momentum': '2' },
        ...{ seed: '-1', 'data.train': '1.5', 'training.clipNorm': '0', 'execution.device': 'tpu' },
        ...{ 'training.projection.layers': '', 'training.groups': 'norms decay=1' },
      }),
      'plain-8',
    )
    expect(problems).toEqual({
      'training.batch': 'must be a whole number from 1 to 65536',
      'training.rate': 'must be a number from 0 to 1000000',
      'training.milestones': 'must be epochs, for example 150, 225',
      'training.momentum': 'must be a number from 0 to 1',
      'training.clipNorm': 'must be a number above 0',
      'execution.device': 'must be auto, cpu or gpu:0, gpu:1, …; several as gpu:0,gpu:1',
      'training.groups': 'must be groups like norms weightDecay=0; head.* rateFactor=0.1',
      seed: 'must be a whole number from 0 to 4294967295',
      'data.train': 'must be a whole number from 1 to 1000000',
    })
    expect(requestOf({ ...emptyForm(), name: 'x'.repeat(201) }, 'plain-8').problems).toEqual({
      name: 'must have at most 200 characters',
    })
  })

  it('does not mind what is wrong in a field that has no meaning beside the others', () => {
    const { request } = requestOf(formWith({ 'training.momentum': '2', 'training.optimiser': 'adam' }), 'plain-8')
    expect(request?.training).toMatchObject({ optimiser: 'adam' })
    expect(request?.training).not.toHaveProperty('momentum')
  })

  it('takes the repairs that the paper trains a preset with', () => {
    const form = emptyForm()
    applyRecommended(form, procResnet.recommended)
    expect(form.settings['training.projection.layers']).toBe('transitions')
  })

  it('takes over a run and asks for the same again, whatever its settings', () => {
    fc.assert(
      fc.property(anySettings, (tree) => {
        const configuration = {
          preset: 'proc-resnet:blocks=2',
          data: DataChoice.parse(tree.data ?? {}),
          training: Training.parse(tree.training ?? {}),
          seed: tree.seed ?? 1,
        }
        const form = formOf({ configuration, progress: { stepsPerEpoch: 0 } } as unknown as RunDetail)
        expect(form).toMatchObject({ preset: 'proc-resnet', options: { blocks: '2' } })
        const { request } = requestOf(form, 'proc-resnet:blocks=2')
        expect(DataChoice.parse(request!.data)).toEqual(configuration.data)
        // What has no meaning beside the other settings may have been left out of the fields, never changed.
        expect(Training.parse(request!.training)).toEqual(configuration.training)
        expect(request!.seed ?? 1).toBe(configuration.seed)
        const line = readSettings(parse(train, ['net', ...commandLine(request!)]))
        expect(Training.parse(line.training ?? {})).toEqual(configuration.training)
      }),
    )
  })

  it('leaves the epochs of a run that was given in steps to its steps', () => {
    const training = Training.parse({ steps: 200, epochs: 4 })
    const run = { configuration: { data: DataChoice.parse({}), training, seed: 1 }, progress: { stepsPerEpoch: 62 } }
    const form = formOf(run as unknown as RunDetail)
    expect([form.settings['training.epochs'], form.settings['training.steps']]).toEqual(['', '200'])
  })

  it('takes a recipe’s settings, and empties what it has none for', () => {
    const form = formWith({ 'training.steps': '7', 'execution.threads': '2', seed: '5', 'training.clipNorm': '1' })
    applyRecipe(form, recipes[0]!)
    expect(form.settings).toMatchObject({ 'training.batch': '128', 'training.milestones': '150, 225', 'training.steps': '' })
    expect(form.settings).toMatchObject({ 'execution.threads': '2', seed: '5', 'training.clipNorm': '' })
  })

  it('has a field for every setting', () => {
    const shown = [...settingsOf.values()].flat()
    expect(new Set(shown.map(({ path }) => path))).toEqual(new Set(settings.map(({ path }) => path)))
    expect(Object.keys(emptyForm().settings).sort()).toEqual(settings.map(({ path }) => path).sort())
  })

  it('tells in a folded group’s line what is set in it', () => {
    const { settings: values } = formWith({ 'training.augmentation.flip': true, 'training.augmentation.crop': '4' })
    expect(setIn('images', values)).toBe('Mirror images on · Pad and crop 4 pixels')
    expect(setIn('checkpoints', values)).toBe('as usual')
  })
})
