import { countWords } from '../../../shared/count-words'
import { cutList } from '../../../shared/cut-text'
import type { Check } from './check'
import type { CopyGroups } from './copies/groups'
import { pairFinding } from './pair-finding'

export const nearCopies: Check = {
  name: 'near-copies',
  isOfPictures: true,
  copies: 'near',
  begin: ({ images, copies }) => ({
    end() {
      const crowded =
        copies.crowded === 0
          ? ''
          : ` ${countWords(copies.crowded, 'image')} had more look-alikes than are compared: some of their copies may be missing.`
      const alike = copies.alike.length === 0 ? '' : notJudged(copies, images.classes)
      return pairFinding(
        images,
        copies.near(),
        (counts) =>
          (counts === '' ? 'No two images are all but the same.' : `Images that are all but the same: ${counts}.${alike}`) +
          crowded,
      )
    },
  }),
}

/** Why is told once, with the verdict. */
function notJudged({ alike }: CopyGroups, classes: readonly string[]): string {
  const whose = alike.length === classes.length ? 'They are' : `Those of ${cutList(alike.map((label) => classes[label]!))} are`
  return ` ${whose} listed but not judged, as the verdict says.`
}

/** A sentence of the classes whose pictures look alike as such; there are some. */
export function alikeWords({ alike }: CopyGroups, classes: readonly string[]): string {
  const whose =
    alike.length === classes.length
      ? 'The pictures of this set'
      : `The pictures of ${alike.length === 1 ? 'class' : 'classes'} ${cutList(alike.map((label) => classes[label]!))}`
  return `${whose} look alike as such, so that near copies are listed but not judged: only images that are the same count as copies.`
}
