import type { Check } from './check'
import { countWords } from './check'
import { COPY } from './copies/search'
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
      const alike =
        copies.leastLikeness > COPY.whole
          ? ` The pictures of this set look alike as such, so that only pairs with a likeness of ${copies.leastLikeness.toFixed(3)} and more count.`
          : ''
      return pairFinding(
        images,
        copies.near(),
        (counts) => (counts === '' ? 'No two images are near copies.' : `Near copies: ${counts}.`) + alike + crowded,
      )
    },
  }),
}
