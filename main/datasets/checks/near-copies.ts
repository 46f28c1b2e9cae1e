import type { Check } from './check'
import { countWords } from './check'
import { pairFinding } from './pair-finding'

export const nearCopies: Check = {
  name: 'near-copies',
  copies: 'near',
  begin: ({ images, copies }) => ({
    end() {
      const crowded =
        copies.crowded === 0
          ? ''
          : ` ${countWords(copies.crowded, 'image')} had more look-alikes than are compared: some of their copies may be missing.`
      return pairFinding(
        images,
        copies.near(),
        (counts) => (counts === '' ? 'No two images are near copies.' : `Near copies: ${counts}.`) + crowded,
      )
    },
  }),
}
