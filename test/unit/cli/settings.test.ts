import { describe, expect, it } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import { type Settings, applySetting, parseSchedule } from '../../../main/cli/settings'
import { readSettings, train } from '../../../main/cli/train'

function set(...assignments: string[]): Settings {
  const settings: Settings = {}
  for (const assignment of assignments) applySetting(settings, assignment)
  return settings
}

describe('--set', () => {
  it('takes a path, or its end where that is unique', () => {
    expect(set('training.momentum=0.95', 'data.train=5000', 'seed=7')).toEqual({
      training: { momentum: 0.95 },
      data: { train: 5000 },
      seed: 7,
    })
    expect(set('momentum=0.5', 'projection.method=newton-schulz', 'probability=0.5')).toEqual({
      training: { momentum: 0.5, projection: { method: 'newton-schulz', probability: 0.5 } },
    })
  })

  it('reads a value as what the setting is', () => {
    expect(set('nesterov=true', 'milestones=150,225', 'data.name=123')).toEqual({
      training: { nesterov: true, milestones: [150, 225] },
      data: { name: '123' },
    })
  })

  it('takes the outer of several, lists as JSON, and a kind that a setting has beside others', () => {
    expect(set('epochs=3', 'checkpoint.epochs=2')).toEqual({ training: { epochs: 3, checkpoint: { epochs: 2 } } })
    expect(set('projection.layers=["stage1.*"]')).toEqual({ training: { projection: { layers: ['stage1.*'] } } })
    expect(set('projection.layers=all', 'whitening=true')).toEqual({
      training: { projection: { layers: 'all' }, whitening: true },
    })
    expect(set('groups=[{"parameters":"norms","weightDecay":0}]')).toEqual({
      training: { groups: [{ parameters: 'norms', weightDecay: 0 }] },
    })
  })

  it.each([
    ['groups=[{', /^--set groups: this is no JSON/],
    ['momentum', '--set: "momentum" is not key=value; for example --set momentum=0.95'],
    ['momentun=1', '--set: there is no setting "momentun"; perhaps momentum'],
    ['banana=1', /^--set: there is no setting "banana"; there are data\.name, data\.train, .*seed$/],
    ['momentum=high', '--set momentum: "high" is not a number; write it like 0.1 or 1e-4'],
    ['nesterov=1', '--set nesterov: "1" is neither true nor false'],
    ['training=3', /there is no setting "training"/],
    ['__proto__=3', /there is no setting "__proto__"/],
  ])('refuses %s with a sentence', (assignment, sentence) => {
    expect(() => set(assignment)).toThrow(sentence)
  })
})

describe('--schedule', () => {
  it('is epochs, and a factor where another one than 0.1 is wanted', () => {
    expect(parseSchedule('150,225')).toEqual({ schedule: 'steps', milestones: [150, 225] })
    expect(parseSchedule('2.5*0.2')).toEqual({ schedule: 'steps', milestones: [2.5], factor: 0.2 })
    expect(parseSchedule('cosine')).toEqual({ schedule: 'cosine' })
  })

  it.each(['', 'a', '5,3', '0', '1*2*3', '1,,2'])('refuses "%s"', (text) => {
    expect(() => parseSchedule(text)).toThrow(/^--schedule: /)
  })
})

describe('the options of train', () => {
  it('become the settings of a run, and --set has the last word', () => {
    const words =
      'net --epochs 3 --batch 16 --rate 0.2 --schedule 1,2 --optimizer nesterov --weight-decay 0 --init he-fan-out --project transitions --whiten --seed 5 --data digits --name tiny --set rate=0.3'
    expect(readSettings(parse(train, words.split(' ')))).toEqual({
      name: 'tiny',
      seed: 5,
      data: { name: 'digits' },
      training: {
        epochs: 3,
        batch: 16,
        rate: 0.3,
        milestones: [1, 2],
        optimiser: 'sgd',
        schedule: 'steps',
        nesterov: true,
        weightDecay: 0,
        init: 'he-fan-out',
        whitening: true,
        projection: { layers: 'transitions' },
      },
    })
  })

  it('mean by --steps alone that many steps, however many epochs they take', () => {
    expect(readSettings(parse(train, ['net', '--steps', '40'])).training).toMatchObject({ steps: 40, epochs: 100_000 })
    expect(readSettings(parse(train, ['net', '--steps', '40', '--epochs', '2'])).training).toMatchObject({ steps: 40, epochs: 2 })
  })
})
