import { z } from 'zod'
import { channels, crop, pad, resize } from './geometry'
import { cap, classes, imbalance, labelNoise, leaveOut } from './selection'
import { split } from './split'
import { standardise } from './standardise'
import type { StepKind } from './step'

/** How a set is made of another one: steps in order. */

/** Every step, in the order in which a command line's options are taken. To add one: its declaration, and its line here. */
const kinds = [leaveOut, classes, split, cap, imbalance, labelNoise, crop, resize, pad, channels, standardise] as const

export const stepKinds: readonly StepKind[] = kinds as unknown as readonly StepKind[]

export const PreparationStep = z.discriminatedUnion('step', [
  leaveOut.schema,
  classes.schema,
  split.schema,
  cap.schema,
  imbalance.schema,
  labelNoise.schema,
  crop.schema,
  resize.schema,
  pad.schema,
  channels.schema,
  standardise.schema,
])
export type PreparationStep = z.output<typeof PreparationStep>
export type StepOf<N extends PreparationStep['step']> = Extract<PreparationStep, { step: N }>

export const Steps = z.array(PreparationStep).min(1).max(50)

/** A recipe as a file has it. */
export const RecipeFile = z.strictObject({
  format: z.literal('normlab/recipe').default('normlab/recipe'),
  version: z.literal(1).default(1),
  steps: Steps,
})

/** A recipe as it is kept with the set that it made. */
export const PreparedFrom = z.object({
  source: z.object({
    name: z.string(),
    /** SHA-256 of the source as it was, hexadecimal; of a built-in set over its labels and first images. */
    hash: z.string(),
  }),
  /** None where it is the source as it is: a set made by program, kept under a name. */
  steps: z.array(PreparationStep).max(50),
})
export type PreparedFrom = z.infer<typeof PreparedFrom>

/** A step in words: `resized to 32×32 (area)`. */
export function tellStep(step: PreparationStep): string {
  return stepKinds.find(({ name }) => name === step.step)!.tell(step)
}
