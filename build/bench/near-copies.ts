import { print, program } from './figures'

/** What `copies.ts` says of itself. */
interface Copies {
  readonly images: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly kinds: readonly { readonly name: string; readonly recall: number; readonly precision: number | null }[]
}

/** Seconds that the check of 60,000 images may take. */
const MOST_SECONDS = 60

/**
 * The checks of a set: their time, and of each kind of planted copy how many are found and how many of what is told are right.
 *
 * @param wanted Whether a figure of this name is asked for. @param file A set as `datasets export` writes it; made pictures where absent.
 */
export async function nearCopies(wanted: (name: string) => boolean, file: string | undefined): Promise<void> {
  if (!wanted('copies')) return
  const { images, seconds, cpuSeconds, kinds } = await program<Copies>('copies', ...(file === undefined ? [] : [file]))
  const limit = (MOST_SECONDS * images) / 60_000
  print({ name: `copies: check of ${images} images`, value: seconds, unit: 's', peer: limit, ratio: seconds / limit })
  print({ name: `copies: check of ${images} images, CPU`, value: cpuSeconds, unit: 's' })
  for (const { name, recall, precision } of kinds) {
    print({ name: `copies: ${name}, recall`, value: 100 * recall, unit: '%' })
    if (precision !== null) print({ name: `copies: ${name}, precision`, value: 100 * precision, unit: '%' })
  }
}
