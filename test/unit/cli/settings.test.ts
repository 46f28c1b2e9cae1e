import { describe, expect, it } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import { type Given, type Settings, applySetting } from '../../../main/cli/settings'
import { readSettings, train } from '../../../main/cli/train'
import { Training } from '../../../shared/configuration'
import { OPTIMISER_NAMES } from '../../../shared/optimisers'
import { idleSettings } from '../../../shared/settings/idle'
import { parseSchedule } from '../../../shared/settings/schedule'

function set(...assignments: string[]): Settings {
  const settings: Settings = {}
  const given: Given = new Map()
  for (const assignment of assignments) applySetting(settings, assignment, given)
  return settings
}

describe('--optimizer', () => {
  it.each(OPTIMISER_NAMES)('%s sets nothing that has no meaning beside it', (optimiser) => {
    const given = readSettings(parse(train, ['net', '--optimizer', optimiser]))
    expect(idleSettings(given, { training: Training.parse(given.training) })).toEqual([])
  })
})

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
    expect(set('whitening.every=2', 'whitening.layers=head.*, fc')).toEqual({
      training: { whitening: { every: 2, layers: ['head.*', 'fc'] } },
    })
    expect(set('whitening=true', 'whitening.every=2')).toEqual({ training: { whitening: { layers: 'all', every: 2 } } })
    expect(set('projection={"layers":"all","every":10}')).toEqual({ training: { projection: { layers: 'all', every: 10 } } })
    expect(set('groups=norms weightDecay=0; head.* rateFactor=0.1')).toEqual({
      training: {
        groups: [
          { parameters: 'norms', weightDecay: 0 },
          { parameters: 'head.*', rateFactor: 0.1 },
        ],
      },
    })
    expect(set('groups=[{"parameters":"norms","weightDecay":0}]')).toEqual({
      training: { groups: [{ parameters: 'norms', weightDecay: 0 }] },
    })
  })

  it.each([
    ['groups=[{', /^--set groups: this is no JSON/],
    ['momentum', '--set: "momentum" is not key=value; for example --set momentum=0.95'],
    ['momentun=1', '--set: there is no setting "momentun"; perhaps momentum'],
    ['banana=1', /^--set: there is no setting "banana"; there are data\.name, data\.trainSplit, .*seed$/],
    ['momentum=high', '--set momentum: "high" is not a number; write it like 0.1 or 1e-4'],
    ['momentum=2', '--set momentum: "2" is out of range; give a number from 0 to 1; without it, it is 0.9'],
    ['clipNorm=0', '--set clipNorm: "0" is out of range; give a number above 0; without it, it is no limit'],
    ['batch=1.5', '--set batch: "1.5" is out of range; give a whole number from 1 to 65536; without it, it is 32'],
    ['batch=', '--set batch: "" is no value; its usual one is 32'],
    ['init=orthogonl', '--set init: "orthogonl" is not one of its words; perhaps orthogonal'],
    ['method=exact', '--set method: "exact" is not one of its words; use one of svd, newton-schulz'],
    ['device=tpu', '--set device: "tpu" does not fit; it must be auto, cpu or gpu:0, gpu:1, …'],
    ['milestones=a,b', '--set milestones: "a,b" is not a list of numbers; write it like 150,225'],
    ['milestones=-1', '--set milestones: "-1" does not fit; it must be at least 0'],
    ['groups=norms decay=0', /^--set groups: "norms decay=0" cannot be read; it must be groups like norms weightDecay=0; head/],
    ['alarms=los > 1', /^--set alarms: "los > 1" cannot be read; it must be rules on measures of steps, perhaps loss$/],
    ['projection={', /^--set projection: this is no JSON/],
    ['checkpoint.evry=3', '--set: there is no setting "checkpoint.evry"; perhaps checkpoint.every'],
    ['training.lr=3', '--set: there is no setting "training.lr"; perhaps rate'],
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
  it.each([
    ['--lr 3', 'there is no option --lr; perhaps --rate'],
    ['--batch-size 3', 'there is no option --batch-size; perhaps --batch'],
    ['--batch 0', '--batch: "0" is out of range; give a whole number from 1 to 65536; without it, it is 32'],
    ['--rate fast', '--rate: "fast" is not a number; write it like 0.1 or 1e-4'],
    ['--epochs 1.5', '--epochs: "1.5" is out of range; give a whole number from 1 to 100000; without it, it is 10'],
    ['--seed -1', '--seed: "-1" is out of range; give a whole number from 0 to 4294967295; without it, it is 1'],
    ['--clip-norm 0', '--clip-norm: "0" is out of range; give a number above 0; without it, it is no limit'],
    ['--augment flp', '--augment: "flp" is no augmentation; perhaps flip; write it like flip,crop4,reflect'],
  ])('refuse %s with a sentence', (words, sentence) => {
    expect(() => readSettings(parse(train, ['net', ...words.split(' ')]))).toThrow(sentence)
  })

  it('become the settings of a run, beside those of --set', () => {
    const words =
      'net --epochs 3 --batch 16 --schedule 1,2 --optimizer nesterov --weight-decay 0 --init he-fan-out --project transitions --whiten --seed 5 --data digits --name tiny --set rate=0.3'
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
        whitening: { layers: 'all' },
        projection: { layers: 'transitions' },
      },
    })
  })

  it.each([
    ['--rate 1 --set rate=0', '--set rate: rate is given twice, by --rate too; leave one of them out'],
    ['--set rate=1 --set rate=1', '--set rate: rate is given twice; leave one of them out'],
    ['--set training.rate=1 --set rate=0', '--set rate: rate is given twice, by --set training.rate too'],
    ['--whiten --set whitening=false', '--set whitening: whitening.layers is given twice, by --whiten too'],
    ['--optimizer nesterov --set nesterov=false', '--set nesterov: nesterov is given twice, by --optimizer too'],
    ['--schedule 1,2 --set milestones=3', '--set milestones: milestones is given twice, by --schedule too'],
    ['--set whitening={"every":2} --set whitening.every=3', '--set whitening.every: whitening.every is given twice'],
  ])('refuse %s: one setting by two words', (words, sentence) => {
    expect(() => readSettings(parse(train, ['net', ...words.split(' ')]))).toThrow(sentence)
  })

  it('take what an option leaves at its default', () => {
    const read = (words: string) => readSettings(parse(train, ['net', ...words.split(' ')])).training
    expect(read('--optimizer sgd --set nesterov=true')).toMatchObject({ optimiser: 'sgd', nesterov: true })
    expect(read('--schedule 1,2 --set factor=0.5')).toMatchObject({ milestones: [1, 2], factor: 0.5 })
    expect(read('--whiten --set whitening.every=2')).toMatchObject({ whitening: { layers: 'all', every: 2 } })
  })

  it('leave the epochs to --steps where that stands alone', () => {
    expect(readSettings(parse(train, ['net', '--steps', '40'])).training).toEqual({ steps: 40 })
    const published = readSettings(parse(train, ['net', '--steps', '40', '--recipe', 'proc-resnet'])).training
    expect(published).toMatchObject({ steps: 40, batch: 128 })
    expect(published).not.toHaveProperty('epochs')
    expect(readSettings(parse(train, ['net', '--steps', '40', '--epochs', '2'])).training).toMatchObject({ steps: 40, epochs: 2 })
  })
})
