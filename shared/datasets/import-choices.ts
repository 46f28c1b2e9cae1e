import { z } from 'zod'

/** What a person says of a source that is to be imported. */

/** What the user may say of a source whose files do not say it themselves. What is absent is found out, or asked for. */
export const ImportChoices = z.strictObject({
  /** The kind, where its content would be taken for another. */
  format: z.string().max(100).optional(),
  /** CIFAR-100: 100 classes or their 20 groups. */
  labels: z.enum(['fine', 'coarse']).optional(),
  /** IDX: images that were stored column by column. */
  transpose: z.boolean().optional(),
  /** Arrays: where the channels are. */
  layout: z.enum(['nhwc', 'nchw']).optional(),
  /** Arrays of floats: what white is. */
  scale: z.enum(['1', '255']).optional(),
  /** Folders: the order of the classes, by code points as PyTorch has it, or 2 before 10. */
  order: z.enum(['code-points', 'natural']).optional(),
  /** Folders: a class without images stays a class. */
  keepEmpty: z.boolean().optional(),
  /** Pictures: grey or colour; what the first of them are where absent. */
  channels: z.union([z.literal(1), z.literal(3)]).optional(),
  /** Pictures: those of another size than the first are left out; where absent one of them ends the import. */
  otherSizes: z.literal('leave-out').optional(),
})
export type ImportChoices = z.infer<typeof ImportChoices>

/**
 * The word for a source that a person chose in a dialog, dropped or sent: the pages' way to speak of it, as they never name a path. The
 * lab gives it out, and it holds until the lab is closed or the source let go.
 */
export const ChosenSource = z.string().regex(/^[0-9a-f]{32}$/, 'must be the word for a source that was chosen')

/** What a source says by itself or a person is asked: see `ImportChoices`. */
export type ImportQuestion = Exclude<keyof ImportChoices, 'format'>
