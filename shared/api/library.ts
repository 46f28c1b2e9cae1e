import { z } from 'zod'
import { FilePath } from '../file-path'
import { RunId } from '../run-id'
import { ItemId, ItemName, ItemVersion, LibraryItem, SaveItem, WeightsSource } from '../library'
import { WeightMap, WeightReport } from '../weight-map'
import { ChosenSource } from '../datasets/import-choices'
import { ImportReport } from '../import-report'
import { NetworkForm } from '../network-forms'
import { job, nothing, request } from './kinds'
import { NetworkChoice } from './networks'

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
  /**
   * Takes a network that another program wrote (ONNX, Keras, PyTorch’s torch.fx) into the library, with its weights where all of them came: a file by its path, or one that a person chose. What there is no layer for stands in it
   * by its name, and the report lists it.
   */
  'library.take': job(
    z.strictObject({ source: FilePath.optional(), chosen: ChosenSource.optional() }),
    z.object({ item: LibraryItem, report: ImportReport }),
  ),
  /**
   * Writes a network in another program's form: of an item with the weights that it has, or of a run with its newest checkpoint. As PyTorch's source it needs none; those that there are lie in a file
   * beside it then.
   */
  'library.write': request(
    z.strictObject({
      from: z.union([z.strictObject({ item: ItemId }), z.strictObject({ run: RunId })]),
      form: NetworkForm.default('onnx'),
      out: FilePath,
    }),
    z.object({
      path: z.string(),
      tensors: z.number(),
      parameters: z.number(),
      beside: z.string().nullable(),
      /** What went out as something else, a sentence each. */
      notes: z.array(z.string()),
    }),
  ),
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
  /** Which tensor of a file (safetensors, .npz, PyTorch's) would be taken for which parameter of a network, and what would be left out. */
  'weights.map': request(
    z.strictObject({ network: NetworkChoice, file: FilePath, map: WeightMap.optional() }),
    WeightReport.extend({ network: z.string() }),
  ),
  /** Checks a file of weights against a network of the library and keeps a copy for it, with the map that was used. */
  'weights.import': request(z.strictObject({ item: ItemId, file: FilePath, map: WeightMap.optional() }), LibraryItem),
  'weights.forget': request(z.strictObject({ item: ItemId }), LibraryItem),
} as const
