import path from 'node:path'
import { isUserError } from '../../../shared/errors'
import { IMPORT_KINDS, type Opened, openSet, recognise } from '../../datasets/import'
import { listedFaults } from '../../datasets/import/remarks'
import type { FoundSet, Incoming } from '../../datasets/import/found'
import { openTree } from '../../formats/trees'
import { PictureDecoder } from '../pictures/decoder'
import type { FoundPicture, RecogniseTask, RecognisedSource, TaskProgress } from '../questions'

/** Pictures that are shown. */
const SHOWN = 24
/** Images that are gone through for them where a kind has no quicker way. */
const MOST_SEEN = 4000
/** Pixels of a picture that is shown; larger ones are told by their number alone. */
const MOST_PIXELS = 2 ** 20

/**
 * Says what a source is taken for, with some of its pictures. Nothing is written.
 *
 * @throws UserError where the source cannot be read or looks like nothing that is known; what is wrong with one of a known kind is
 * part of the answer, as another choice may mend it.
 */
export async function recogniseDataset(task: RecogniseTask, tell: (progress: TaskProgress) => void): Promise<RecognisedSource> {
  tell({ phase: 'looking', done: 0, total: 0 })
  const kinds = IMPORT_KINDS.map(({ name, title, asks }) => ({ name, title, asks: [...asks] }))
  const tree = await openTree(task.source)
  const answer = { place: path.basename(task.source), kinds }
  try {
    const kind = recognise(tree, task.choices.format)
    try {
      const opened = await openSet(kind, tree, task.choices)
      return { ...answer, kind: kind.name, problem: null, found: await foundIn(opened, task) }
    } catch (error) {
      if (!isUserError(error)) throw error
      return { ...answer, kind: kind.name, problem: error.message, found: null }
    }
  } finally {
    tree.close()
  }
}

async function foundIn({ set, tree }: Opened, { choices }: RecogniseTask): Promise<NonNullable<RecognisedSource['found']>> {
  const chosen = await someImages(set)
  const { pictures, faults } = decoded(set, chosen, choices.channels)
  const first = pictures[0]
  const { classes, splits, remarks } = set
  return {
    classes: [...classes],
    splits: splits.map(({ name, images }) => ({ name, images })),
    shape: set.shape ? [...set.shape] : first ? [first.height, first.width, first.channels] : null,
    remarks: [
      ...remarks,
      ...faults,
      ...listedFaults(
        ['is skipped', 'are skipped'],
        tree.skipped.map(({ path: file, why }) => ({ file, why })),
      ),
    ],
    pictures: pictures.filter(({ pixels }) => pixels.length <= 3 * MOST_PIXELS),
  }
}

/** Some images, of as many classes as are met early. */
async function someImages(set: FoundSet): Promise<Incoming[]> {
  const kept: Incoming[] = []
  const perClass = new Map<number, number>()
  const share = Math.max(1, Math.floor(SHOWN / Math.max(1, set.classes.length)))
  let seen = 0
  for await (const image of set.some?.(SHOWN) ?? set.images(() => true)) {
    const have = perClass.get(image.label) ?? 0
    if (set.some || have < share) {
      perClass.set(image.label, have + 1)
      kept.push('pixels' in image ? { ...image, pixels: Uint8Array.from(image.pixels) } : image)
    }
    if (kept.length >= SHOWN || ++seen >= MOST_SEEN) break
  }
  return kept.sort((a, b) => a.split - b.split || a.label - b.label || a.index - b.index)
}

function decoded(
  set: FoundSet,
  chosen: readonly Incoming[],
  asked: 1 | 3 | undefined,
): { pictures: FoundPicture[]; faults: string[] } {
  const files = chosen.flatMap((image) => ('file' in image ? [image.file] : []))
  const decoder = files.length > 0 ? new PictureDecoder() : undefined
  try {
    const channels = asked ?? (decoder?.areGrey(files) ? 1 : 3)
    const faults: string[] = []
    const pictures = chosen.flatMap((image): FoundPicture[] => {
      const where = { split: set.splits[image.split]!.name, label: set.classes[image.label]! }
      if ('pixels' in image) {
        const [height, width, depth] = set.shape!
        return [{ ...where, height, width, channels: depth, pixels: image.pixels }]
      }
      const [picture] = decoder!.decode([image.file], channels)
      if (picture && 'pixels' in picture)
        return [{ ...where, height: picture.height, width: picture.width, channels: picture.channels, pixels: picture.pixels }]
      faults.push(`${image.path} cannot be read (${picture ? picture.why : 'no picture'})`)
      return []
    })
    return { pictures, faults }
  } finally {
    decoder?.close()
  }
}
