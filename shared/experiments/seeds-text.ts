/** Seeds as they are written, `1, 2, 3`; null where they are no whole numbers. */
export function readSeeds(text: string): number[] | null {
  const seeds = text.split(',').map((seed) => seed.trim())
  return seeds.every((seed) => /^\d+$/.test(seed)) ? seeds.map(Number) : null
}
