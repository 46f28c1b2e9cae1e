import { countWords } from '../../../shared/count-words'
import type { Finding, FoundPair } from '../../../shared/datasets/checks'
import { imageRef, MOST_PAIRS } from './check'
import type { CopyPair } from './copies/groups'
import { turnWords } from './copies/turns'
import { type CheckedImages, splitOf } from './images'

/** A finding of pairs, counted within and across splits. @param sentence Of the counts in words: `43 pairs in train, 10 across train and test`. */
export function pairFinding(
  images: CheckedImages,
  found: readonly CopyPair[],
  sentence: (counts: string) => string,
): Omit<Finding, 'check'> {
  const counts = new Map<number, number>()
  const places = images.splits.length
  for (const { a, b } of found) {
    const key = splitOf(images.splits, a) * places + splitOf(images.splits, b)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const told = [...counts]
    .sort(([one], [other]) => one - other)
    .map(([key, pairs]) => ({ a: images.splits[Math.floor(key / places)]!.name, b: images.splits[key % places]!.name, pairs }))
  const words = told.map(({ a, b, pairs }) => {
    const many = countWords(pairs, 'pair')
    return a === b ? `${many} in ${a}` : `${many} across ${a} and ${b}`
  })
  return {
    count: found.length,
    sentence: sentence(words.join(', ')),
    images: [],
    pairs: found.slice(0, MOST_PAIRS).map((pair) => foundPair(images, pair)),
    counts: told,
  }
}

function foundPair(images: CheckedImages, { a, b, turn, whole, detail }: CopyPair): FoundPair {
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
  return {
    a: imageRef(images, a),
    b: imageRef(images, b),
    turn: turnWords[turn]!,
    likeness: rounded(whole),
    detail: rounded(detail),
  }
}
