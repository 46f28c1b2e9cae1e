import type { Training } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { Random } from '../../shared/random'
import { refuseVectors, type Sample } from './dataset'

export type Augmentation = Training['augmentation']

/** @throws UserError where the padding is more than a reflection can give, or vectors shall be augmented. */
export function checkAugmentation({ flip, crop, padding }: Augmentation, sample: Sample): void {
  const [height, width] = sample.shape
  if (flip || crop > 0) refuseVectors(sample, 'cannot be mirrored or cropped', 'training.augmentation')
  if (padding === 'reflect' && crop > 0 && crop >= Math.min(height, width))
    throw new UserError(`images of ${height}×${width} cannot be reflected ${crop} pixels beyond their edge`, {
      place: 'training.augmentation.crop',
      remedy: `use at most ${Math.min(height, width) - 1}, or zero padding`,
    })
}

/**
 * A random window and mirror image of one image: where the pixels of the new one come from. Reflection leaves the edge out (d c b | a b c d),
 * as the usual programs do; zero padding is 0 after standardisation, the mean colour, as He et al. 2015 pad images that are
 * centred before.
 */
export class Window {
  private readonly rows: Int32Array
  private readonly columns: Int32Array

  constructor(
    private readonly augmentation: Augmentation,
    private readonly height: number,
    private readonly width: number,
  ) {
    this.rows = new Int32Array(height)
    this.columns = new Int32Array(width)
  }

  /** Draws the next image's window. */
  draw(random: Random): void {
    const { flip, crop } = this.augmentation
    const [top, left] = crop > 0 ? [random.integer(2 * crop + 1) - crop, random.integer(2 * crop + 1) - crop] : [0, 0]
    const mirrored = flip && random.uniform() < 0.5
    for (let y = 0; y < this.height; y++) this.rows[y] = this.source(y + top, this.height)
    for (let x = 0; x < this.width; x++) this.columns[mirrored ? this.width - 1 - x : x] = this.source(x + left, this.width)
  }

  /**
   * Rearranges an image and turns its levels into what the network takes, in one pass.
   *
   * @param image [height, width, channels], 0–255.
   * @param levels [channels, 256], what each level becomes; padding is 0.
   * @param to Written from `offset` on.
   */
  apply(image: Uint8Array, levels: Float32Array, to: Float32Array, offset: number): void {
    const { rows, columns, height, width } = this
    const channels = levels.length / 256
    const tables = levels.length
    let at = offset
    for (let y = 0; y < height; y++) {
      const row = rows[y]!
      if (row < 0) {
        to.fill(0, at, at + width * channels)
        at += width * channels
        continue
      }
      const start = row * width
      for (let x = 0; x < width; x++) {
        const column = columns[x]!
        if (column < 0) for (let channel = 0; channel < channels; channel++) to[at++] = 0
        else {
          let from = (start + column) * channels
          for (let table = 0; table < tables; table += 256) to[at++] = levels[table + image[from++]!]!
        }
      }
    }
  }

  /** The image's row or column at a place that may lie beyond its edge; −1 for padding. */
  private source(at: number, side: number): number {
    if (at >= 0 && at < side) return at
    if (this.augmentation.padding === 'zero') return -1
    return at < 0 ? -at : 2 * (side - 1) - at
  }
}
