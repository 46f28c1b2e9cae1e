import type { Repair } from '../../../shared/datasets/checks'
import type { CopyGroups } from './copies/groups'
import { type CheckedImages, splitOf, thingOf } from './images'

const rule = (things: string): string =>
  `${things[0]!.toUpperCase()}${things.slice(1)} of train that have a copy in another split are left out, and ${things} of other splits that have a copy in test; test stays whole but for ${things} that are the same as one before them. ` +
  `Of several same ${things} in a split the first stays, or none where they have two labels. Near copies within a split stay.`

/** Which images to leave out so that no copy lies across splits. @returns null where there are none. */
export function repairOf(images: CheckedImages, copies: CopyGroups): Repair | null {
  const { splits, labels } = images
  const ranks = splits.map(({ name }, place) => (name === 'train' ? -1 : name === 'test' ? splits.length : place))
  const out = new Set<number>()
  copies.forEachPair(({ a, b, whole, detail }) => {
    const [ofA, ofB] = [splitOf(splits, a), splitOf(splits, b)]
    if (ofA !== ofB) out.add(ranks[ofA]! < ranks[ofB]! ? a : b)
    else if (whole === 1 && detail === 1 && copies.first[a] === copies.first[b]) {
      out.add(b)
      if (labels[a] !== labels[b]) out.add(a)
    }
  })
  if (out.size === 0) return null
  const left: Record<string, number[]> = {}
  for (const image of [...out].sort((a, b) => a - b)) {
    const { name, first } = splits[splitOf(splits, image)]!
    ;(left[name] ??= []).push(image - first)
  }
  return { rule: rule(`${thingOf(images)}s`), images: left, count: out.size }
}
