import { describe, expect, it } from 'vitest'
import { parse, type Parsed } from '../../../main/cli/arguments'
import { initialOf, initialOptions } from '../../../main/cli/initial-weights'
import { weightsOf } from '../../../main/cli/network-spectra'

const given = (...words: string[]): Parsed =>
  parse(
    {
      ...{ words: 'spectrum', description: 'tells', examples: [] },
      arguments: [{ name: 'FILE', description: 'weights' }],
      options: initialOptions(),
    },
    words,
  )

describe('initial values on the command line', () => {
  it('are those of a run with the settings that decide them', () => {
    expect(weightsOf(given('initial:5', '--init', 'orthogonal', '--set', 'zeroGamma=on'))).toMatchObject({
      ...{ seed: 5, init: 'orthogonal', zeroGamma: true, lsuv: false },
    })
    expect(initialOf(given('initial:1', '--set', 'lsuv=on', '--set', 'data.name=cifar10', '--set', 'batch=8'), 1)).toMatchObject({
      ...{ lsuv: true, batch: 8, data: { name: 'cifar10' } },
    })
  })

  it('take no setting that decides nothing of them: the first batch is for unit variance alone', () => {
    for (const setting of ['rate=0.1', 'batch=64', 'data.name=cifar10', 'data.test=5'])
      expect(() => weightsOf(given('initial:1', '--set', setting)), setting).toThrow(
        /decides nothing of the values that a run begins with.*init, .*with lsuv=on .*batch/,
      )
    expect(() => weightsOf(given('initial:1', '--set', 'lsuv=on', '--set', 'data.test=5'))).toThrow('data.test')
  })

  it('are meant by their options, which stand beside no other weights', () => {
    for (const words of [
      ['--init', 'orthogonal'],
      ['--set', 'zeroGamma=on'],
      ['--set', 'nonsense=4'],
    ])
      for (const of of ['run:3', 'library:2', 'w.safetensors'])
        expect(() => weightsOf(given(of, ...words)), of).toThrow('it is for initial values')
    // What is subtracted may be initial.
    expect(weightsOf(given('run:3', '--set', 'zeroGamma=on'), 'initial:1')).toMatchObject({ run: 3 })
  })
})
