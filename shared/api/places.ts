import { z } from 'zod'
import { Experiment, ExperimentDefinition } from '../experiments/experiment'
import { PlaceName, PlaceProfile, PlaceToken } from '../places/profile'
import { RunId } from '../run-id'
import { nothing, request } from './kinds'

export const PlaceCheck = z.object({ name: z.string(), state: z.enum(['fine', 'fault', 'unknown']), text: z.string() })
export type PlaceCheck = z.infer<typeof PlaceCheck>

/** What an experiment would take at a place. */
export const PlacePlan = z.object({
  cells: z.number().int(),
  /** Estimate of one core's or GPU's hours in all, from the speed of this machine's runs; null where nothing was measured. */
  coreHours: z.number().nullable(),
  gpuHours: z.number().nullable(),
  /** What they come to where every task uses all the time that it asks for, once; null where it asks for none. */
  mostCoreHours: z.number().nullable(),
  mostGpuHours: z.number().nullable(),
  /** What the estimate rests on. */
  basis: z.string(),
  /** When it would start, in the scheduler's words; null where it does not say. */
  outlook: z.string().nullable(),
})
export type PlacePlan = z.infer<typeof PlacePlan>

/** A grid that was sent to a place, and how it stands there. */
export const PlacedGrid = z.object({
  id: z.number().int(),
  place: z.string(),
  kind: z.string(),
  /** What the place calls its tasks: `4711`. */
  jobs: z.array(z.string()),
  createdAt: z.string(),
  /** Cells that the place has not taken yet. */
  waiting: z.number().int(),
  /** Why it gives no answer just now. */
  problem: z.string().nullable(),
  isOver: z.boolean(),
  cells: z.array(
    z.object({
      cell: z.number().int(),
      run: RunId,
      /** What the place's scheduler says of its task. */
      words: z.string(),
      isOver: z.boolean(),
    }),
  ),
})
export type PlacedGrid = z.infer<typeof PlacedGrid>

/** Other places that train runs, and the experiments that are sent there. */
export const placeCalls = {
  'places.list': request(nothing, z.array(PlaceProfile)),
  /** A new one, or in the place of the one of its name. A token is kept for its address and never told again; an empty one is forgotten. */
  'places.save': request(z.strictObject({ profile: PlaceProfile, token: PlaceToken.optional() }), z.array(PlaceProfile)),
  'places.remove': request(z.strictObject({ name: PlaceName }), z.array(PlaceProfile)),
  /** Connects to it and looks whether all is there that a grid needs. */
  'places.check': request(z.strictObject({ name: PlaceName }), z.array(PlaceCheck)),
  /** What an experiment would cost there. Nothing is started; the place is asked when it would begin. */
  'places.plan': request(z.strictObject({ place: PlaceName, definition: ExperimentDefinition }), PlacePlan),
  /** Starts an experiment at a place. Its runs are in the list at once; the app may be closed while they train. */
  'experiments.send': request(z.strictObject({ place: PlaceName, definition: ExperimentDefinition }), Experiment),
  /** The grids of an experiment that were sent somewhere, oldest first. */
  'experiments.placed': request(z.strictObject({ id: z.number().int() }), z.array(PlacedGrid)),
  /** Ends what of an experiment is at other places. */
  'experiments.cancel': request(z.strictObject({ id: z.number().int() }), Experiment),
} as const
