import { describe, expect, it } from 'vitest'
import type { Summary } from '../../../renderer/run-list/run-state'
import { COLUMNS, columnOf, DEFAULT_COLUMNS, fittingColumns, textIn, widthOfNames } from '../../../renderer/runs/table/columns'
import { groupRuns } from '../../../renderer/runs/table/order'
import { headingOf, unbroken } from '../../../renderer/ui/format-measure'
import { plainName } from '../../../shared/run-labels'
import { measureOf } from '../../../shared/measures'
import { cutAt } from '../../../renderer/ui/middle-cut'

const run = (id: number, name = `run ${id}`): Summary =>
  ({ id, name, createdAt: '2026-11-24T03:11:00Z', measures: {}, progress: { steps: 0 }, last: {} }) as unknown as Summary

describe('columns of the runs table', () => {
  it('show a moment as the age, never the number that orders by it', () => {
    expect(textIn(run(9), 'age')).toMatch(/^2026-11-2[345] \d\d:\d\d$/)
    expect(columnOf('age').value(run(9))).toBe(-Date.parse(run(9).createdAt))
    const heads = groupRuns([run(9), run(8)], 'age', new Set()).flatMap((line) => (line.kind === 'group' ? line.text : []))
    expect(heads.join()).not.toMatch(/-\d,|^-\d/)
  })

  it('have no network and no data where a program that recorded its run told of none', () => {
    const told = (network: string, dataset: string) => ({ ...run(1), preset: null, network, dataset })
    expect(['network', 'data'].map((key) => columnOf(key).value(told('not told', 'not told')))).toEqual([null, null])
    expect(['network', 'data'].map((key) => columnOf(key).value(told('Tiny', 'digits')))).toEqual(['Tiny', 'digits'])
  })

  it('say of which moment their values are', () => {
    const moments = ['trainLoss', 'testAccuracy', 'deviation', 'chainRatio', 'loss'].map((key) => columnOf(key).moment)
    expect(moments).toEqual(['last epoch', 'last tested epoch', 'last epoch', 'last measured step', 'last step'])
    expect(COLUMNS.name!.moment).toBeUndefined()
  })

  it('give way to longer names', () => {
    const long = [run(1, 'proc-resnet:blocks=2,planes=4/8 with all of it projected')]
    expect(widthOfNames([run(1)])).toBe(172)
    expect(widthOfNames(long)).toBeGreaterThan(300)
    const shownFor = (runs: readonly Summary[]): string[] =>
      fittingColumns(DEFAULT_COLUMNS, 980, (key) => (key === 'name' ? widthOfNames(runs) : columnOf(key).width))
    expect(shownFor(long).length).toBeLessThan(shownFor([run(1)]).length)
    expect(shownFor(long)).toContain('name')
  })
})

describe('a name on the command line', () => {
  it('is cut in its middle to the room that it has', () => {
    const name = `${'projected '.repeat(8)}· seed 2`
    expect(plainName(name, 40)).toMatch(/^projected projected .*….*· seed 2$/)
    expect(Array.from(plainName(name, 40))).toHaveLength(40)
    expect(plainName('resnet-20', 40)).toBe('resnet-20')
    expect(plainName('רשת '.repeat(30), 40)).toMatch(/^\u2068.*…\u2069$/)
  })
})

describe('a name that is cut in its middle', () => {
  it('keeps its end, and is whole again when its parts are joined', () => {
    const name = 'proc-resnet:blocks=2,planes=4/8 · seed 2'
    expect(cutAt(name)[1]).toBe('4/8 · seed 2')
    expect(cutAt(name).join('')).toBe(name)
    expect(cutAt('resnet-20')).toEqual(['resnet-20', ''])
  })

  it('is never parted within a letter, nor where it is written from the right', () => {
    expect(cutAt('😀'.repeat(30))[1]).toBe('😀'.repeat(12))
    expect(cutAt('רשת '.repeat(12))[1]).toBe('')
  })
})

it('a mean and its deviation are parted before the ±', () => {
  expect(unbroken('93.0 ± 0.4 %')).toBe('93.0 ±\u00a00.4\u00a0%')
})

it('a heading is broken at its words, never within |r − 1|', () => {
  const words = unbroken(headingOf(measureOf('deviation'))).split(' ')
  expect(words.filter((word) => word.includes('|'))).toEqual(['|r\u00a0−\u00a01|,'])
})
