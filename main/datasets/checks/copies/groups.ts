import { type NearPair, TIGHT } from './search'
import type { Turn } from './turns'

/** Two images that are copies; the first has the lower number. */
export interface CopyPair {
  readonly a: number
  readonly b: number
  readonly turn: Turn
  readonly whole: number
  readonly detail: number
}

/** The turn that undoes another one. */
export const undone = (turn: Turn): Turn => (turn & 4 ? 4 | ((turn & 1) << 1) | ((turn & 2) >> 1) : turn)

/** What was found of copies: images of the same bytes, and pairs of images that are alike. */
export class CopyGroups {
  private readonly pairs = new Map<number, CopyPair>()
  private members: Map<number, number[]> | undefined
  /** Images that had more look-alikes than are compared. */
  crowded = 0
  /** Classes whose pictures look alike as such, in order. */
  alike: readonly number[] = []
  private isAlike: (pair: CopyPair) => boolean = () => false

  /** @param first Of each image, the first one of the same bytes. */
  constructor(readonly first: Uint32Array) {}

  /** Of pairs that are told twice, the one that is more alike is kept. */
  add({ image, other, turn, whole, detail }: NearPair): void {
    const isForth = image < other
    const [a, b] = isForth ? [image, other] : [other, image]
    const key = a * this.first.length + b
    const known = this.pairs.get(key)
    if (!known || known.whole < whole) this.pairs.set(key, { a, b, turn: isForth ? turn : undone(turn), whole, detail })
  }

  /** Each image that is the same as one before it, with the first of these. In order. */
  exact(): CopyPair[] {
    const found: CopyPair[] = []
    this.first.forEach((a, b) => {
      if (a !== b) found.push({ a, b, turn: 0, whole: 1, detail: 1 })
    })
    return found.sort(inOrder)
  }

  /**
   * Pairs of images that are alike and not the same, of same ones the first alone. In order. Among pictures that look alike as such, none but
   * the nearest.
   */
  near(): CopyPair[] {
    return [...this.pairs.values()].filter((pair) => pair.whole >= TIGHT || !this.isAlike(pair)).sort(inOrder)
  }

  /** Of the near pairs those that count as copies: neither picture is of a class whose pictures look alike as such. */
  nearCopies(): CopyPair[] {
    return this.near().filter((pair) => !this.isAlike(pair))
  }

  /** @param labels The class of each image. */
  setAlike(classes: readonly number[], labels: ArrayLike<number>): void {
    const alike = new Set(classes)
    this.alike = classes
    this.isAlike = ({ a, b }) => alike.has(labels[a]!) || alike.has(labels[b]!)
  }

  /** Every image that is the same as this one, itself among them. */
  sameAs(image: number): readonly number[] {
    if (!this.members) {
      this.members = new Map()
      for (const { a, b } of this.exact()) {
        const group = this.members.get(a)
        if (group) group.push(b)
        else this.members.set(a, [a, b])
      }
    }
    return this.members.get(this.first[image]!) ?? [image]
  }

  /** All pairs of copies, near ones that count between all images that are the same as either. Calls `each` for them; a pair once. */
  forEachPair(each: (pair: CopyPair) => void): void {
    for (const [, group] of this.groups())
      for (let i = 0; i < group.length; i++)
        for (let j = i + 1; j < group.length; j++) each({ a: group[i]!, b: group[j]!, turn: 0, whole: 1, detail: 1 })
    for (const pair of this.nearCopies())
      for (const a of this.sameAs(pair.a))
        for (const b of this.sameAs(pair.b)) each(a < b ? { ...pair, a, b } : { ...pair, a: b, b: a, turn: undone(pair.turn) })
  }

  private groups(): Map<number, number[]> {
    this.sameAs(0)
    return this.members!
  }
}

const inOrder = (one: CopyPair, other: CopyPair): number => one.a - other.a || one.b - other.b
