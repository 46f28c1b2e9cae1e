import { describe, expect, it } from 'vitest'
import { Catalogue } from '../../../main/datasets/catalogue'
import { planRun } from '../../../main/lab/start'
import { Configuration, Training } from '../../../shared/configuration'
import { LabApi } from '../../../shared/api'
import { idleSettings } from '../../../shared/settings/idle'

const catalogue = new Catalogue('/nowhere')
const asked = (training: object): Parameters<typeof planRun>[1] => {
  const { weights: _, ...input } = LabApi['runs.start'].input.parse({
    network: 'plain:blocks=1,widths=4/8',
    data: { name: 'shapes10', train: 64, test: 32 },
    training,
  })
  return input
}

describe('what a run is asked with', () => {
  it('has a name that says something, or none', () => {
    const { input } = LabApi['runs.start']
    const rest = { network: 'plain', data: Configuration.shape.data.parse({ name: 'shapes10' }) }
    for (const name of ['', '   ', '\n']) expect(input.safeParse({ ...rest, name }).success).toBe(false)
    expect(input.parse({ ...rest, name: ' wide ' }).name).toBe('wide')
  })

  it('has no group of parameters that no parameter fits', () => {
    expect(() => planRun(catalogue, asked({ groups: [{ parameters: 'nowhere.*', weightDecay: 0 }] }))).toThrow(
      /training\.groups: no parameter fits the group "nowhere\.\*"; say kernels, biases, norms, or a pattern such as /,
    )
    expect(() => planRun(catalogue, asked({ groups: [{ parameters: 'norms', weightDecay: 0 }] }))).not.toThrow()
  })

  it('does not wait for a test that is never made', () => {
    const never = { every: 0, last: false }
    expect(() => planRun(catalogue, asked({ earlyStop: { measure: 'test-loss' }, evaluation: never }))).toThrow(
      /training\.earlyStop\.measure: the run would end by a test that it never makes/,
    )
    expect(() => planRun(catalogue, asked({ earlyStop: { measure: 'train-loss' }, evaluation: never }))).not.toThrow()
    expect(() => planRun(catalogue, asked({ earlyStop: { measure: 'test-accuracy' } }))).not.toThrow()
  })

  it('knows which of what was set changes nothing', () => {
    const given = { training: { beta1: 0.5, momentum: 0.8, milestones: [3], schedule: 'cosine' as const } }
    const { configuration } = planRun(catalogue, asked(given.training))
    expect(idleSettings(given, configuration).map(({ path }) => path)).toEqual(['training.beta1', 'training.milestones'])
    expect(idleSettings({}, configuration)).toEqual([])
  })

  it('takes an interval for singular values as numbers in order, of layers that there are', () => {
    const clip = (asked: object): object => ({ clip: { layers: 'all', ...asked } })
    expect(planRun(catalogue, asked(clip({ interval: [0.5, 2] }))).configuration.training.clip).toEqual({
      ...{ layers: 'all', interval: [0.5, 2], every: 100 },
    })
    expect(() => Training.parse(clip({ interval: [2, 0.5] }))).toThrow(/of which the second is not less than the first/)
    expect(() => planRun(catalogue, asked(clip({ layers: ['stage9.*'] })))).toThrow(
      /no convolution or dense layer is called "stage9\.\*"/,
    )
    const given = { training: { clip: { every: 5 } } }
    const { configuration } = planRun(catalogue, asked(given.training))
    expect(idleSettings(given, configuration).map(({ path, awaits }) => [path, awaits])).toEqual([
      ['training.clip.every', 'training.clip.layers'],
    ])
  })
})
