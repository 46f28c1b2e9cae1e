import type { DatasetSummary } from '../../../shared/api'

/** Sets whose name, title, kind or classes hold all words of a search; imported ones first, the newest first. */
export function arrangedSets(sets: readonly DatasetSummary[], search: string): DatasetSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ name, title, kind = 'built-in', classes }: DatasetSummary): boolean => {
    const text = [name, title, kind, ...classes].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return sets.filter(fits).sort((a, b) => (b.importedAt ?? '').localeCompare(a.importedAt ?? ''))
}

/** So many places of a split, apart from one another; not all of one remainder, as the classes of a drawn set take turns. */
export function spreadOver(images: number, count: number): number[] {
  const most = Math.min(images, count)
  return Array.from({ length: most }, (_, i) =>
    Math.min(images - 1, Math.floor((i * images) / most) + (i % Math.max(1, Math.floor(images / most)))),
  )
}
