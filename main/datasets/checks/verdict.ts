import { countWords } from '../../../shared/count-words'
import type { Finding } from '../../../shared/datasets/checks'
import type { CopyGroups } from './copies/groups'
import { type CheckedImages, splitOf, thingOf } from './images'
import { alikeWords } from './near-copies'

/** Share of a split's images from which on an accuracy there is off by a point at the most. */
const A_POINT = 0.01

/** What the checks come to for whoever trains on the set. @param searched What was looked for. */
export function verdictOf(
  images: CheckedImages,
  copies: CopyGroups,
  searched: 'near' | 'exact' | null,
  findings: readonly Finding[],
): string {
  const said: string[] = []
  const { splits } = images
  const train = splits.find(({ name }) => name === 'train')
  if (searched && train) {
    const known = copiedImages(images, copies, 'train')
    const what = searched === 'near' && copies.alike.length < images.classes.length ? 'a copy or near copy' : 'an exact copy'
    for (const split of splits) {
      if (split.name === 'train') continue
      const count = known.get(split.name)?.length ?? 0
      if (count === 0) said.push(`No ${thingOf(images)} of ${split.name} has ${what} in train, as far as this check can see.`)
      else {
        const share = count / split.length
        said.push(
          `${percent(share)} of the ${split.name} ${thingOf(images)}s (${count.toLocaleString('en-US')} of ${split.length.toLocaleString('en-US')}) have ${what} in train: an accuracy here ${
            share >= A_POINT ? 'cannot be trusted to a point' : `may be off by up to ${percent(share).replace(' %', '')} points`
          }.`,
        )
      }
    }
  }
  if (searched && splits.length === 1)
    said.push(`The set has one split; copies across ones that are made of it would be those within it.`)
  if (copies.alike.length > 0) said.push(alikeWords(copies, images.classes))
  const twofold = findings.find(({ check }) => check === 'two-labels')?.count ?? 0
  if (twofold > 0) said.push(`${countWords(twofold, 'pair')} of copies ${twofold === 1 ? 'has' : 'have'} two labels.`)
  const others = findings.filter(
    ({ check, count }) => ['plain', 'dark', 'blurred', 'classes', 'unreadable', 'label-errors'].includes(check) && count > 0,
  )
  if (said.length === 0) return others.length === 0 ? 'Nothing was found.' : others.map(({ sentence }) => sentence).join(' ')
  return said.join(' ')
}

/** Of each other split, the images (places in it, in order) that have a copy in this one. */
export function copiedImages(images: CheckedImages, copies: CopyGroups, inSplit: string): Map<string, number[]> {
  const { splits } = images
  const found = new Map<string, Set<number>>()
  const mark = (image: number, other: number): void => {
    const split = splits[splitOf(splits, image)]!
    if (split.name === inSplit || splits[splitOf(splits, other)]!.name !== inSplit) return
    if (!found.has(split.name)) found.set(split.name, new Set())
    found.get(split.name)!.add(image - split.first)
  }
  copies.forEachPair(({ a, b }) => {
    mark(a, b)
    mark(b, a)
  })
  return new Map([...found].map(([name, set]) => [name, [...set].sort((a, b) => a - b)]))
}

/** `3.2 %`; of small shares as many digits as say something. */
function percent(share: number): string {
  const value = 100 * share
  return `${value >= 0.1 ? value.toFixed(1) : value.toPrecision(1)} %`
}
