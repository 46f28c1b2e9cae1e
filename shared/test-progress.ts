/** How far an evaluation has come: images done, in all, and seconds since it began. */
export interface TestProgress {
  readonly done: number
  readonly images: number
  readonly seconds: number
}

/** Seconds that its rest will take, from what the images so far took; null before the first. */
export function secondsOfRest({ done, images, seconds }: TestProgress): number | null {
  return done > 0 ? (seconds / done) * (images - done) : null
}
