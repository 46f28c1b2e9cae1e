import type { ImportChoices, ImportQuestion } from '../../../shared/datasets/import-choices'
import type { FileTree } from '../../formats/trees'

/** One image on its way in: its pixels, or the picture file that holds them. */
export type Incoming = {
  /** Index into the splits, and into that split's images. */
  readonly split: number
  readonly index: number
  /** Index into the classes. */
  readonly label: number
} & ({ readonly pixels: Uint8Array } | { readonly file: Uint8Array; readonly path: string })

/** Whether an image is still to come. */
export type IsWanted = (place: { readonly split: number; readonly index: number }) => boolean

/** What was recognised in a source, before anything is written. */
export interface FoundSet {
  /** The kind's name: `image-folder`. */
  readonly format: string
  readonly classes: readonly string[]
  /** Height, width, channels; null where only decoding tells. */
  readonly shape: readonly [height: number, width: number, channels: number] | null
  readonly splits: readonly { readonly name: string; readonly images: number }[]
  /** What was left out or taken for granted, a sentence each. */
  readonly remarks: readonly string[]
  /** Whether a file of the source is a part of it; what is none is told. */
  takes(path: string): boolean
  /**
   * Images in any order, each once.
   *
   * @param isWanted Those that are not may be left out, where leaving them out is quicker.
   */
  images(isWanted: IsWanted): AsyncIterable<Incoming>
  /** Some of them, from all classes, where that is quicker than going through all. */
  some?(count: number): AsyncIterable<Incoming>
}

/** A form in which data sets lie about. One file each in kinds/. */
export interface ImportKind {
  readonly name: string
  /** For people: `folders of images by class`. */
  readonly title: string
  /** What a person may be asked where its files do not say it. */
  readonly asks: readonly ImportQuestion[]
  /** Whether the names and first bytes look like this kind. */
  match(tree: FileTree): boolean
  /** Says what is missing where files of its type are no such set, and no other kind takes them. @throws UserError */
  refuse?(tree: FileTree): void
  /** Files beside a single one that belong to it, by their paths from its folder; some may not be there. */
  beside?(tree: FileTree): readonly string[] | Promise<readonly string[]>
  /**
   * @throws UserError where the files are not what they look like; with the place.
   */
  open(tree: FileTree, choices: ImportChoices): Promise<FoundSet>
}

/** The whole of one file. @throws UserError where it cannot be read. */
export async function readWhole(tree: FileTree, path: string): Promise<Uint8Array> {
  for await (const { bytes } of tree.read((file) => file === path)) return bytes
  throw new Error(`${path} is not in ${tree.place}`)
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A file of a source, as messages call it. */
export function placeOf(tree: FileTree, path: string): string {
  return tree.place.endsWith(path) ? tree.place : `${tree.place}: ${path}`
}
