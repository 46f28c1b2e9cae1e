import { z } from 'zod'
import { FilePath } from '../file-path'
import { ItemId, ItemName, ItemVersion, LibraryItem, SaveItem, WeightsSource } from '../library'
import { nothing, request } from './kinds'

/** The networks of the library, and weights as files. */
export const libraryCalls = {
  /** Newest change first. */
  'library.list': request(nothing, z.array(LibraryItem)),
  'library.show': request(z.strictObject({ id: ItemId }), LibraryItem),
  /** A new item, or a new state of an old one; its name is the document's. Versions that were kept stay. */
  'library.save': request(SaveItem, LibraryItem),
  'library.rename': request(z.strictObject({ id: ItemId, name: ItemName }), LibraryItem),
  /** Takes items out of the list; `library.restore` brings them back for thirty days. */
  'library.delete': request(z.strictObject({ ids: z.array(ItemId).min(1).max(10_000) }), z.strictObject({})),
  'library.restore': request(z.strictObject({ ids: z.array(ItemId).min(1).max(10_000) }), z.array(LibraryItem)),
  /** Keeps the item as it is now as a version; newest first. */
  'library.keep': request(z.strictObject({ id: ItemId, note: z.string().trim().max(2000).default('') }), z.array(ItemVersion)),
  'library.versions': request(z.strictObject({ id: ItemId }), z.array(ItemVersion)),

  /**
   * Writes a network's parameters as safetensors, named as in the network: initial values of a seed, those of a run's newest
   * checkpoint, or those that an item of the library has.
   */
  'weights.export': request(
    z.strictObject({
      from: WeightsSource,
      out: FilePath,
    }),
    z.object({ path: z.string(), tensors: z.number(), parameters: z.number() }),
  ),
  /** Checks a safetensors file against a network of the library and keeps a copy for it. */
  'weights.import': request(z.strictObject({ item: ItemId, file: FilePath }), LibraryItem),
  'weights.forget': request(z.strictObject({ item: ItemId }), LibraryItem),
} as const
