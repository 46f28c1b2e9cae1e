export type Shape = readonly [height: number, width: number, channels: number]

/** Makes one image of another one. Both are [height, width, channels], 0–255. */
export interface PixelStep {
  /** Of the images that come out. */
  readonly shape: Shape
  apply(from: Uint8Array, to: Uint8Array): void
}
