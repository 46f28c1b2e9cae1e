import type { Check } from './check'
import type { CopyPair } from './copies/groups'
import { pairFinding } from './pair-finding'

export const twoLabels: Check = {
  name: 'two-labels',
  copies: 'near',
  begin: ({ images, copies }) => ({
    end() {
      const { labels } = images
      const thing = images.isVector ? 'vector' : 'picture'
      const found: CopyPair[] = [...copies.exact(), ...copies.nearCopies()].filter(({ a, b }) => labels[a] !== labels[b])
      found.sort((one, other) => one.a - other.a || one.b - other.b)
      return pairFinding(images, found, (counts) =>
        counts === ''
          ? `No ${thing} has two labels.`
          : `The same ${thing} under two labels: ${counts}; at most one of the labels is right.`,
      )
    },
  }),
}
