import { z } from 'zod'
import { Measured, Unit } from './records'
import { biasDeviation, init, lsuv, zeroGamma } from './settings/initialiser'

/** What the lab is asked to measure of a network that has not been trained: one pass forward and back on one batch. */
export const InitialQuestion = z.strictObject({
  data: z.string().min(1).max(200).default('shapes10'),
  batch: z.number().int().min(2).max(65_536).default(8),
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  init: init.schema,
  biasDeviation: biasDeviation.schema,
  /** Whether layer-sequential unit variance scales the initial values. */
  lsuv: lsuv.schema,
  zeroGamma: zeroGamma.schema,
  /** Time the pass too: some passes more. */
  timed: z.boolean().default(false),
  /** The library item whose weights to take instead of initial values. */
  weights: z.number().int().min(1).optional(),
})
export type InitialQuestion = z.infer<typeof InitialQuestion>

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, 'must be a Float32Array')

/** The signal on its way forward; see norms/signal.ts. */
const SignalMeasures = z.object({ meanSquares: floats, variances: floats, branchVariances: floats })

/** Ratios at one state of the weights. */
export const StateMeasures = z.object({
  loss: Measured,
  /** ‖dE/dx‖₂ at the boundaries, forward order; one more than there are units. */
  norms: floats,
  ratios: floats,
  /** Null of a network without units. */
  signal: SignalMeasures.nullable(),
})
export type StateMeasures = z.infer<typeof StateMeasures>

const Range = z.tuple([z.number(), z.number()])

/** What comes back, in this order; `measured` and `refused` are the last. */
export const InitialEvent = z.discriminatedUnion('state', [
  /** `waiting` behind another question, `compiling` the graph, `measuring`. */
  z.object({ state: z.literal('working'), phase: z.enum(['waiting', 'compiling', 'measuring']) }),
  z.object({
    state: z.literal('measured'),
    units: z.array(Unit),
    /** As initialised (or as the weights are). */
    plain: StateMeasures,
    /** The signal as mean-field theory has it for these initial values, from what enters the first unit on; null where it has none, as of given weights. */
    predicted: SignalMeasures.nullable(),
    /** Where a plain network without norms lies beside the critical line, each kind of place once; see architecture/mean-field/criticality.ts. */
    critical: z.array(
      z.object({
        activation: z.string(),
        layers: z.number(),
        weights: z.number(),
        biases: z.number(),
        square: Measured,
        chi: z.number(),
        critical: Measured,
      }),
    ),
    /** With the stem's and the transitions' convolutions projected; null where there is none to project. */
    projected: StateMeasures.nullable(),
    /** The convolutions that were projected. */
    kernels: z.array(
      z.object({
        layer: z.string(),
        /** Largest and smallest singular value before, over all frequencies of the projection's grid. */
        before: Range,
        /** The common value that the projection aims at, sqrt(out/in). */
        after: z.number(),
        /** Largest and smallest after: the same for a 1×1 kernel; a larger one is cropped to its support and misses by some. */
        reached: Range,
      }),
    ),
    seconds: z.number(),
    /** Wall time of a pass forward and back, milliseconds; null where it was not asked for. */
    passMs: z.number().nullable(),
  }),
  /** One sentence for the reader. */
  z.object({ state: z.literal('refused'), message: z.string() }),
])
export type InitialEvent = z.infer<typeof InitialEvent>
