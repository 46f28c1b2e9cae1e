import type { CheckedImages } from '../images'
import { Alikeness } from './alike'
import type { CopyGroups } from './groups'
import type { CopySearch } from './search'

/** Images that are looked at first, of all classes together. */
const SAMPLE = 1000
/** Images between two words of progress. */
const TOGETHER = 64

/**
 * Finds all near copies of a set, and the classes whose pictures look alike as such. Some images of each class are looked at first: where they
 * show it already, the rest is compared more strictly, which is also quicker.
 *
 * @param search All images were added.
 * @param copies Is given what is found.
 */
export function findNearCopies(
  images: CheckedImages,
  search: CopySearch,
  copies: CopyGroups,
  tell: (phase: 'looking' | 'comparing', done: number, total: number) => void,
): void {
  search.ready()
  const look = (phase: 'looking' | 'comparing', chosen: readonly number[], known: readonly number[]): number[] => {
    const isKept = phase === 'comparing'
    const alikeness = new Alikeness(images.classes.length, (one, other) => search.areAlike(one, other))
    chosen.forEach((image, i) => {
      if (i % TOGETHER === 0) tell(phase, i, chosen.length)
      const found = search.look(image)
      alikeness.see(images.labels[image]!, found)
      if (isKept) for (const pair of found) copies.add(pair)
    })
    return alikeness.classes(known)
  }
  const shown = look('looking', sample(images), [])
  search.tighten(shown)
  search.crowded = 0
  const every = Array.from({ length: images.length }, (_, image) => image)
  copies.setAlike(look('comparing', every, shown), images.labels)
  copies.crowded = search.crowded
}

/** As many of each class, spread over all of its images. */
function sample({ classes, labels }: CheckedImages): number[] {
  const ofClass: number[][] = classes.map(() => [])
  labels.forEach((label, image) => ofClass[label]!.push(image))
  const most = Math.max(1, Math.floor(SAMPLE / classes.length))
  return ofClass.flatMap((all) => {
    const step = Math.max(1, all.length / most)
    return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]!)
  })
}
