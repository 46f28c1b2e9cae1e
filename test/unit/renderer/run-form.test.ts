import { Training } from '../../../shared/configuration'
import { describe, expect, it } from 'vitest'
import { literatureDepth, networkDepth, parsePresetWords, presetWords } from '../../../renderer/new-run/preset-words'
import { applyRecommended, emptyForm, formOf, requestOf } from '../../../renderer/new-run/run-form'
import { LabApi, type RunDetail } from '../../../shared/api'
import { listPresets, networkFromPreset } from '../../../shared/architecture'

const procResnet = listPresets().find(({ name }) => name === 'proc-resnet')!

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
    const { request } = requestOf({ ...emptyForm(), steps: '', threads: ' ', name: '' }, 'plain-8')
    expect(request).not.toHaveProperty('name')
    expect(request?.training).not.toHaveProperty('steps')
    expect(request?.training).not.toHaveProperty('threads')
  })

  it('says at the field what is wrong with it', () => {
    const { problems } = requestOf(
      { ...emptyForm(), batch: '0', rate: 'fast', milestones: '3, x', momentum: '2', seed: '-1', train: '1.5' },
      'plain-8',
    )
    expect(problems).toEqual({
      batch: 'must be at least 1',
      rate: 'must be a number',
      milestones: 'must be epochs, for example 150, 225',
      momentum: 'must be at most 1',
      seed: 'must be a whole number from 0 to 4294967295',
      train: 'must be a whole number',
    })
  })

  it('takes the repairs that the paper trains a preset with', () => {
    const form = emptyForm()
    applyRecommended(form, procResnet)
    expect(form.projection).toBe('transitions')
  })

  it('takes over a run and asks for the same again', () => {
    const asked = requestOf(
      { ...emptyForm(), milestones: '3, 5', batch: '8', projection: 'transitions', probability: '0.5', seed: '7' },
      'proc-resnet:blocks=2',
    )
    const configuration = {
      preset: 'proc-resnet:blocks=2',
      data: asked.request!.data,
      training: Training.parse(asked.request!.training),
      seed: 7,
    }
    const again = formOf({ configuration } as unknown as RunDetail)
    expect(again.preset).toBe('proc-resnet')
    expect(again.options).toEqual({ blocks: '2' })
    expect(requestOf(again, 'proc-resnet:blocks=2')).toEqual(asked)
  })
})
