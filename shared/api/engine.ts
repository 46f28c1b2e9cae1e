import { z } from 'zod'
import { FilePath } from '../file-path'
import { job, nothing, request } from './kinds'

/** What an engine computes on. */
export const EngineKind = z.enum(['cpu', 'gpu'])
export type EngineKind = z.infer<typeof EngineKind>

/** Which engine is wanted: `auto` is an installed one for a GPU where the machine has one, else the one inside NormLab. */
export const EngineUse = z.enum(['auto', 'inside', ...EngineKind.options])
export type EngineUse = z.infer<typeof EngineUse>

/** The engines of a data folder. Sizes in bytes. */
export const Engines = z.object({
  /** TensorFlow's version, of all of them. */
  tensorflow: z.string(),
  use: EngineUse,
  /** Which one is used now; `named` by NORMLAB_TENSORFLOW. */
  used: z.enum(['inside', 'named', ...EngineKind.options]),
  /** Why, a clause. */
  why: z.string(),
  installed: z.array(
    z.object({
      kind: EngineKind,
      bytes: z.number(),
      /** Why it cannot be used, a clause; null where it can. */
      problem: z.string().nullable(),
    }),
  ),
  /** Those that there are for this machine: what is fetched of each, and what it takes once it is unpacked, about. */
  offered: z.array(z.object({ kind: EngineKind, bytes: z.number(), unpacked: z.number() })),
})
export type Engines = z.infer<typeof Engines>

/** TensorFlow and its libraries as packs beside the engine inside NormLab. */
export const engineCalls = {
  'engine.list': request(nothing, Engines),
  /** @throws UserError where it is not installed. */
  'engine.use': request(z.strictObject({ use: EngineUse }), Engines),
  'engine.remove': request(z.strictObject({ kind: EngineKind }), Engines),
  /** Installs a pack: a file, or the word for one that was chosen (`datasets.choose`). */
  'engine.install': job(
    z.strictObject({ file: FilePath.optional(), chosen: z.string().max(100).optional() }),
    z.object({ kind: EngineKind, engines: Engines }),
  ),
  /** Installs an engine from the package index. */
  'engine.fetch': job(z.strictObject({ kind: EngineKind }), z.object({ kind: EngineKind, engines: Engines })),
  /** Writes an engine into one file, for a machine without a network. */
  'engine.pack': job(z.strictObject({ kind: EngineKind, out: FilePath }), z.object({ path: z.string(), bytes: z.number() })),
} as const
