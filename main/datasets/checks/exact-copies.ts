import type { Check } from './check'
import { thingOf } from './images'
import { pairFinding } from './pair-finding'

export const exactCopies: Check = {
  name: 'exact-copies',
  copies: 'exact',
  begin: ({ images, copies }) => ({
    end: () =>
      pairFinding(images, copies.exact(), (counts) =>
        counts === '' ? `No two ${thingOf(images)}s are the same.` : `${titled(thingOf(images))}s that are the same: ${counts}.`,
      ),
  }),
}

const titled = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
