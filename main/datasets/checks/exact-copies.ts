import type { Check } from './check'
import { pairFinding } from './pair-finding'

export const exactCopies: Check = {
  name: 'exact-copies',
  copies: 'exact',
  begin: ({ images, copies }) => ({
    end: () =>
      pairFinding(images, copies.exact(), (counts) =>
        counts === '' ? 'No two images are the same.' : `Images that are the same: ${counts}.`,
      ),
  }),
}
