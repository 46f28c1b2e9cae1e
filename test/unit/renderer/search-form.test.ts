import { describe, expect, it } from 'vitest'
import {
  axisWords,
  objectives,
  readRow,
  readSearch,
  searchedPaths,
  usualSearch,
} from '../../../renderer/experiments/search/search-form'
import type { SearchAxis } from '../../../shared/search/space'

const base = { data: { name: 'digits' }, training: { epochs: 5 } }

describe('the form of a new search', () => {
  it('begins as a definition that can be started, called after its network', () => {
    const { definition, fields, rows, problem } = readSearch(usualSearch(), base)
    expect({ fields, rows, problem }).toEqual({ fields: {}, rows: [undefined], problem: null })
    expect(definition).toMatchObject({
      name: 'search of proc-resnet:blocks=3',
      base: { network: 'proc-resnet:blocks=3', ...base },
      search: { sampler: 'sobol', trials: 20, objective: { measure: 'testAccuracy', at: 'end' }, seed: 1 },
      seeds: [1],
    })
    expect(definition!.search!.space).toEqual([{ path: 'training.rate', low: 0.001, high: 1, scale: 'log', whole: false }])
  })

  it('says beside each field what is wrong with it, but nothing of fields of another method', () => {
    const form = { ...usualSearch(), trials: '0', seeds: '1, x', factor: '1', rows: [{ path: 'training.rate', text: '1..0.1' }] }
    const { definition, fields, rows } = readSearch(form, base)
    expect(definition).toBeNull()
    expect(fields).toEqual({ trials: 'a whole number from 1 to 1,000', seeds: 'whole numbers, separated by commas' })
    expect(rows).toEqual(['The lower end is not below the higher one; write the lower end first.'])
    expect(readSearch({ ...form, sampler: 'halving' }, base).fields.factor).toBe('a whole number from 2 to 100')
  })

  it('refuses what only the whole shows: a setting twice, none, and a best epoch of a measure without epochs', () => {
    const row = { path: 'training.rate', text: '0.1..1' }
    expect(readSearch({ ...usualSearch(), rows: [row, row] }, base).problem).toContain('must name each setting once')
    expect(readSearch({ ...usualSearch(), rows: [] }, base).problem).toBe('There is no setting to search: add one.')
    const ofEpochs = objectives(true).map(({ name }) => name)
    const other = objectives(false).find(({ name }) => !ofEpochs.includes(name))
    if (other) expect(readSearch({ ...usualSearch(), at: 'best', measure: other.name }, base).problem).toContain('best one')
  })

  it('tells how a row is read, as the command line reads it', () => {
    const words = (path: string, text: string): string => axisWords(readRow({ path, text }) as SearchAxis)
    expect(words('training.rate', '0.1..1:linear')).toBe('evenly, from 0.1 to 1')
    expect(words('training.batch', '16..64')).toBe('16, 32 or 64')
    expect(words('network.blocks', '1..5')).toBe('whole numbers from 1 to 5')
    expect(readRow({ path: 'training.rate', text: ' ' })).toContain('Say what it may be')
  })

  it('offers the options of the network that is named', () => {
    const paths = (network: string): string[] => searchedPaths(network).map(({ path }) => path)
    expect(paths('proc-resnet:blocks=3')).toContain('network.blocks')
    expect(paths('resnet-20')).toContain('network.blocks')
    expect(paths('densenet-bc-100-12')).toContain('network.growth')
    expect(paths('no such')).not.toContain('network.blocks')
  })
})
