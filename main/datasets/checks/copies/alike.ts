import { Random } from '../../../../shared/random'
import { type NearPair, TIGHT } from './search'

/** Images whose look-alikes are compared with one another, of each class. */
const MOST_CENTRES = 150
/** Look-alikes from which on they are more than anybody makes copies of one image. */
const MANY = 8
/**
 * Pictures look alike as such where this share of them has a look-alike, and of those with several this share has ones that are not alike
 * themselves, or many. CIFAR-10's classes have shares of 0.02 to 0.06, and 0.1 to 0.5; MNIST's of 0.2 to 1, and 0.5 to 1.
 */
const LEAST_SHARE = 0.1
const LEAST_OPEN = 0.3
/** A class with fewer images that have several look-alikes says nothing for itself, unless it has this many images and hardly any look-alikes. */
const FEW_CENTRES = 20
const FEW_IMAGES = 100

/** What was seen of the images of one class. */
interface Seen {
  /** Images, and those that have a look-alike. */
  images: number
  withSome: number
  /** Images with two look-alikes and more, and those where two of them are not alike, or where there are many. */
  centres: number
  open: number
}

/**
 * Finds out of which classes the pictures look alike as such, as handwritten digits do. A copy of a copy is a copy: two images that are like a
 * third one are like each other. Where pictures merely resemble each other, likeness leads from each to ever other ones: of two look-alikes of
 * an image most often neither is like the other, or there are more than anybody would make copies.
 */
export class Alikeness {
  private readonly seen: readonly Seen[]
  private readonly random = new Random(1)

  /** @param areAlike Whether two images are alike in any position, at the bounds for copies. */
  constructor(
    classes: number,
    private readonly areAlike: (one: number, other: number) => boolean,
  ) {
    this.seen = Array.from({ length: classes }, () => ({ images: 0, withSome: 0, centres: 0, open: 0 }))
  }

  /** @param found An image's look-alikes. Ones that are far nearer than the bound are copies by all means and show nothing. */
  see(label: number, found: readonly NearPair[]): void {
    const seen = this.seen[label]!
    seen.images++
    const loose = found.filter(({ whole }) => whole < TIGHT)
    if (loose.length > 0) seen.withSome++
    if (loose.length < 2 || seen.centres === MOST_CENTRES) return
    seen.centres++
    const first = this.random.integer(loose.length)
    const second = (first + 1 + this.random.integer(loose.length - 1)) % loose.length
    if (loose.length >= MANY || !this.areAlike(loose[first]!.other, loose[second]!.other)) seen.open++
  }

  /**
   * The classes whose pictures look alike as such. Those that say nothing for themselves are judged by the others of their set, and where none
   * does, by all together.
   *
   * @param known Classes of which it is known already.
   */
  classes(known: readonly number[] = []): number[] {
    const all = { images: 0, withSome: 0, centres: 0, open: 0 }
    for (const seen of this.seen) for (const key of Object.keys(all) as (keyof Seen)[]) all[key] += seen[key]
    const alike = this.seen.map((seen, label) => known.includes(label) || isAlike(seen))
    const isTelling = this.seen.map((seen, label) => known.includes(label) || isAlike(seen) || isUnlike(seen))
    const images = (counts: (label: number) => boolean): number =>
      this.seen.reduce((sum, seen, label) => sum + (counts(label) ? seen.images : 0), 0)
    const others = isTelling.some(Boolean)
      ? images((label) => alike[label]!) > images((label) => isTelling[label]!) / 2
      : isAlike(all)
    return alike.flatMap((own, label) => ((isTelling[label] ? own : others) ? [label] : []))
  }
}

const isAlike = ({ images, withSome, centres, open }: Seen): boolean =>
  centres >= FEW_CENTRES && withSome >= LEAST_SHARE * images && open >= LEAST_OPEN * centres

const isUnlike = (seen: Seen): boolean =>
  seen.centres >= FEW_CENTRES ? !isAlike(seen) : seen.images >= FEW_IMAGES && seen.withSome < (LEAST_SHARE / 2) * seen.images
