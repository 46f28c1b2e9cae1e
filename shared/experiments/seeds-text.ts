/** What seeds have to be, for whoever writes others. */
export const SEEDS_ARE = 'whole numbers, separated by commas'

/** Seeds as they are written, `1, 2, 3`; null where they are none. */
export function readSeeds(text: string): number[] | null {
  const seeds = text.split(',').map((seed) => seed.trim())
  return seeds.every((seed) => /^\d{1,15}$/.test(seed)) ? seeds.map(Number) : null
}
