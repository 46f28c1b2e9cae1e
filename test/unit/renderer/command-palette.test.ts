import { describe, expect, it } from 'vitest'
import { fuzzyMatch, plainLetters } from '../../../renderer/palette/fuzzy'
import { type Entry, ranked } from '../../../renderer/palette/ranking'

const score = (query: string, text: string): number => fuzzyMatch(query, plainLetters(text))?.score ?? -1
const entry = (section: string, label: string, more: Partial<Entry> = {}): Entry => ({
  ...{ id: `${section}:${label}`, section, label, perform: () => undefined },
  ...more,
})
const labels = (entries: readonly Entry[], query: string, recent: string[] = []): string[][] =>
  ranked(entries, query, recent).map(({ section, found }) => [section, ...found.map(({ entry: { label } }) => label)])

describe('fuzzy matching', () => {
  it('finds words in any order, without their accents, and every one of them', () => {
    expect(score('shapes proc', 'proc-resnet-31 on shapes10')).toBeGreaterThan(0)
    expect(score('Muller', 'Müller’s network')).toBeGreaterThan(0)
    expect(score('proc cifar', 'proc-resnet-31 on shapes10')).toBe(-1)
  })

  it('takes whole words before beginnings, beginnings before what lies inside, and that before letters with gaps', () => {
    const order = [score('run', 'New run'), score('run', 'New runner'), score('run', 'Prune it'), score('run', 'Rate under')]
    expect([...order].sort((a, b) => b - a)).toEqual(order)
    expect(order.every((one, i) => i === 0 || one < order[i - 1]!)).toBe(true)
  })

  it('finds initials, and not letters that are strewn over a name', () => {
    expect(fuzzyMatch('nr', 'new run')?.at).toEqual([0, 4])
    expect(score('xyz', 'x is a long name in which y comes late, and z at the end')).toBe(-1)
  })

  it('tells where the letters lie', () => {
    expect(fuzzyMatch('res 3', 'proc-resnet 31')?.at).toEqual([5, 6, 7, 12])
  })
})

describe('the palette', () => {
  const entries = [
    entry('Pages', 'Runs', { keywords: 'training' }),
    entry('Pages', 'Settings', { keywords: 'theme dark' }),
    entry('Runs', '#1 proc-resnet-31', { detail: 'done · shapes10' }),
    entry('Runs', '#2 proc-resnet-31', { detail: 'done · shapes10' }),
  ]

  it('puts sections in the order of their best entry', () => {
    expect(labels(entries, 'run')[0]).toEqual(['Pages', 'Runs'])
    expect(labels(entries, 'proc')).toEqual([['Runs', '#1 proc-resnet-31', '#2 proc-resnet-31']])
  })

  it('finds by other words, after names', () => {
    expect(labels(entries, 'dark')).toEqual([['Pages', 'Settings']])
    expect(labels(entries, 'shapes')).toEqual([['Runs', '#1 proc-resnet-31', '#2 proc-resnet-31']])
  })

  it('has what was taken recently first, and of equals the later', () => {
    expect(labels(entries, '', ['Runs:#2 proc-resnet-31', 'Runs:gone'])[0]).toEqual(['Recent', '#2 proc-resnet-31'])
    expect(labels(entries, 'proc', ['Runs:#2 proc-resnet-31'])).toEqual([['Runs', '#2 proc-resnet-31', '#1 proc-resnet-31']])
  })

  it('lists no more than can be looked through, of thousands of runs', () => {
    const many = Array.from({ length: 5000 }, (_, i) => entry('Runs', `#${i} proc-resnet`))
    expect(ranked(many, 'proc', []).flatMap(({ found }) => found)).toHaveLength(60)
  })
})
