import { describe, expect, it } from 'vitest'
import { arranged, copyName, nextCard } from '../../../renderer/designer/library/order'
import { networkFromPreset } from '../../../shared/architecture'
import type { LibraryItem } from '../../../shared/library'

const item = (id: number, name: string, changedAt: string): LibraryItem => ({
  id,
  name,
  changedAt,
  createdAt: changedAt,
  document: networkFromPreset('plain:blocks=1'),
  versions: 0,
  weights: null,
})
const items = [
  item(1, 'ResNet 20', '2026-11-02T10:00:00Z'),
  item(2, 'ResNet 110', '2026-11-03T10:00:00Z'),
  item(3, 'My dense net', '2026-11-01T10:00:00Z'),
]
const ids = (search: string, order: 'newest' | 'oldest' | 'name') => arranged(items, search, order).map(({ id }) => id)

describe('the library’s list', () => {
  it('is sorted by change or by name, numbers as numbers', () => {
    expect(ids('', 'newest')).toEqual([2, 1, 3])
    expect(ids('', 'oldest')).toEqual([3, 1, 2])
    expect(ids('', 'name')).toEqual([3, 1, 2])
  })

  it('finds names that have all the words', () => {
    expect(ids(' net res ', 'newest')).toEqual([2, 1])
    expect(ids('vgg', 'newest')).toEqual([])
  })

  it('names copies so that no two are called the same', () => {
    expect(copyName('tiny', ['tiny'])).toBe('tiny copy')
    expect(copyName('tiny copy', ['tiny', 'tiny copy'])).toBe('tiny copy 2')
  })
})

describe('arrows between cards', () => {
  // Two rows: three cards, then two.
  const places = [0, 200, 400].map((left) => ({ left, top: 10 })).concat([0, 200].map((left) => ({ left, top: 150 })))

  it.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 3],
    [1, 'ArrowDown', 4],
    [2, 'ArrowDown', 4],
    [3, 'ArrowUp', 0],
    [0, 'ArrowUp', 0],
    [0, 'ArrowLeft', 0],
    [4, 'ArrowDown', 4],
    [1, 'End', 4],
    [3, 'Home', 0],
  ])('lead from %i by %s to %i', (from, key, to) => expect(nextCard(places, from, key)).toBe(to))
})
