import type { ImportChoices } from '../../../../shared/datasets/import-choices'
import { UserError } from '../../../../shared/errors'
import { readPictureHeader } from '../../../formats/picture-header'
import type { FileTree, TreeEntry } from '../../../formats/trees'
import { byCodePoints } from '../../../formats/trees/file-tree'
import { baseName, type FoundSet, type ImportKind, type IsWanted } from '../found'
import { splitFolder, splitOrder } from '../splits'

/** Names of pictures; what lies under another name is looked at. */
const PICTURE = /\.(jpe?g|png|webp|bmp|gif)$/i
/** A picture's place in the set. */
interface Placed {
  readonly path: string
  readonly split: string
  readonly className: string
}

/**
 * Pictures in a folder for each class, with or without folders of splits above: `train/cat/1.png`, or `cat/1.png`. Folders in a
 * class's folder belong to it. Classes are in the order of their code points, as torchvision has them, so that labels agree.
 */
export const imageFolder: ImportKind = {
  name: 'image-folder',
  title: 'folders of images by class',
  asks: ['order', 'keepEmpty', 'channels', 'otherSizes'],
  match: (tree) => placed(tree).placed.length > 0,

  async open(tree, choices) {
    const found = placed(tree)
    if (found.placed.length === 0)
      throw new UserError('there is no picture in a folder of its class', {
        place: tree.place,
        remedy: 'lay it out as class/picture.png, or train/class/picture.png',
      })
    const { classes, remarks } = classesOf(tree, found, choices)
    const splits = [...new Set(found.placed.map(({ split }) => split))].sort(splitOrder)
    const slots = slotsOf(found.placed, splits, classes)
    return {
      format: this.name,
      classes,
      shape: null,
      splits: splits.map((name, i) => ({ name, images: slots.counts[i]! })),
      remarks,
      takes: (path) => slots.byPath.has(path),
      images: (isWanted) => images(tree, slots.byPath, isWanted),
      some: (count) => images(tree, spread(slots.byPath, count), () => true),
    } satisfies FoundSet
  },
}

interface Survey {
  readonly placed: readonly Placed[]
  /** Folders above the splits or classes, which all share: `cifar10/`. */
  readonly root: string
  readonly hasSplits: boolean
}

const surveys = new WeakMap<FileTree, Survey>()

function placed(tree: FileTree): Survey {
  const known = surveys.get(tree)
  if (known) return known
  const pictures = tree.entries.filter(isPicture)
  const root = commonRoot(pictures)
  // Of millions the parts are found anew each time, and a class's name is kept once.
  const partsOf = ({ path }: TreeEntry): string[] => path.slice(root.length).split('/')
  const hasSplits =
    pictures.some((picture) => partsOf(picture).length >= 3 && splitFolder(partsOf(picture)[0]!) !== undefined) &&
    pictures.every((picture) => partsOf(picture).length < 2 || splitFolder(partsOf(picture)[0]!) !== undefined)
  const found: Placed[] = []
  const names = new Map<string, string>()
  for (const picture of pictures) {
    const parts = partsOf(picture)
    if (parts.length < (hasSplits ? 3 : 2)) continue
    const read = parts[hasSplits ? 1 : 0]!
    const className = names.get(read) ?? read
    names.set(read, className)
    found.push({ path: picture.path, split: hasSplits ? splitFolder(parts[0]!)! : 'train', className })
  }
  const survey = { placed: found, root, hasSplits }
  surveys.set(tree, survey)
  return survey
}

function isPicture({ path, head }: TreeEntry): boolean {
  return PICTURE.test(path) || (head.length > 0 && readPictureHeader(head) !== null)
}

/** Folders that all pictures share, as long as one is left for the class. */
function commonRoot(pictures: readonly TreeEntry[]): string {
  let root = ''
  for (;;) {
    const first = pictures[0]?.path.slice(root.length).split('/')[0]
    if (first === undefined) return root
    const next = `${root}${first}/`
    const fits = pictures.every(({ path }) => path.startsWith(next) && path.indexOf('/', next.length) > 0)
    if (!fits) return root
    root = next
  }
}

function classesOf(
  tree: FileTree,
  { placed: found, root, hasSplits }: Survey,
  choices: ImportChoices,
): { classes: string[]; remarks: string[] } {
  const names = new Set(found.map(({ className }) => className))
  const depth = root.split('/').length - 1 + (hasSplits ? 1 : 0)
  const empty = tree.emptyFolders
    .filter((folder) => `${folder}/`.startsWith(root) && folder.split('/').length === depth + 1)
    .map(baseName)
    .filter((name) => !names.has(name) && !(hasSplits && splitFolder(name) !== undefined))
  if (choices.keepEmpty === true) for (const name of empty) names.add(name)
  const remarks = [...new Set(empty)].map(
    (name) => `class ${name} has no image and ${choices.keepEmpty === true ? 'is kept' : 'is left out'}`,
  )
  if (choices.order === 'natural') remarks.push('classes are in natural order, 2 before 10; PyTorch would number them otherwise')
  const natural = new Intl.Collator('en', { numeric: true })
  return { classes: [...names].sort(choices.order === 'natural' ? natural.compare : byCodePoints), remarks }
}

interface Slot {
  readonly split: number
  readonly index: number
  readonly label: number
}

/** Within a split by class, then by path, as torchvision lists them. */
function slotsOf(
  found: readonly Placed[],
  splits: readonly string[],
  classes: readonly string[],
): { byPath: Map<string, Slot>; counts: number[] } {
  const labels = new Map(classes.map((name, i) => [name, i]))
  const ordered = found
    .map(({ path, split, className }) => ({ path, split: splits.indexOf(split), label: labels.get(className)! }))
    .sort((a, b) => a.split - b.split || a.label - b.label || byCodePoints(a.path, b.path))
  const counts = splits.map(() => 0)
  const byPath = new Map<string, Slot>()
  for (const { path, split, label } of ordered) byPath.set(path, { split, label, index: counts[split]!++ })
  return { byPath, counts }
}

/** So many places, apart from one another. */
function spread(slots: ReadonlyMap<string, Slot>, count: number): Map<string, Slot> {
  const all = [...slots]
  return new Map(all.filter((_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length)))
}

async function* images(tree: FileTree, slots: ReadonlyMap<string, Slot>, isWanted: IsWanted): ReturnType<FoundSet['images']> {
  const isAsked = (path: string): boolean => {
    const slot = slots.get(path)
    return slot !== undefined && isWanted(slot)
  }
  for await (const { path, bytes } of tree.read(isAsked)) yield { ...slots.get(path)!, file: bytes, path }
}
