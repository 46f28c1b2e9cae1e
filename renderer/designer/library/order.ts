import { greatest, least } from '../../../shared/extent'
import type { LibraryItem } from '../../../shared/library'

export type LibraryOrder = 'newest' | 'oldest' | 'name'

/** Items whose name has all the words that are searched, in any order and case, sorted. */
export function arranged(items: readonly LibraryItem[], search: string, order: LibraryOrder): LibraryItem[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = items.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  const byChange = (a: LibraryItem, b: LibraryItem): number => b.changedAt.localeCompare(a.changedAt) || b.id - a.id
  return found.sort(
    order === 'newest'
      ? byChange
      : order === 'oldest'
        ? (a, b) => byChange(b, a)
        : (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  )
}

/** `tiny copy`, or `tiny copy 2` where there is one already. */
export function copyName(name: string, taken: readonly string[]): string {
  const base = name.replace(/ copy( \d+)?$/, '').slice(0, 180)
  for (let n = 1; ; n++) {
    const candidate = `${base} copy${n === 1 ? '' : ` ${n}`}`
    if (!taken.includes(candidate)) return candidate
  }
}

/** A card's corner, pixels. */
export interface CardPlace {
  readonly left: number
  readonly top: number
}

/** Which card an arrow leads to, of cards in rows; the same one at the edge. */
export function nextCard(places: readonly CardPlace[], index: number, key: string): number {
  const here = places[index]
  if (!here) return index
  if (key === 'ArrowRight') return Math.min(places.length - 1, index + 1)
  if (key === 'ArrowLeft') return Math.max(0, index - 1)
  if (key === 'Home') return 0
  if (key === 'End') return places.length - 1
  const down = key === 'ArrowDown'
  const rows = places.map(({ top }) => top).filter((top) => (down ? top > here.top + 1 : top < here.top - 1))
  if (rows.length === 0) return index
  const row = down ? least(rows) : greatest(rows)
  const candidates = places.map((_, i) => i).filter((i) => Math.abs(places[i]!.top - row) <= 1)
  const distance = (i: number): number => Math.abs(places[i]!.left - here.left)
  return candidates.reduce((best, i) => (distance(i) < distance(best) ? i : best))
}
