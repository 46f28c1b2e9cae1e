import { z } from 'zod'
import { DatasetName } from '../datasets/names'
import { Steps } from '../datasets/preparation'
import { DatasetDetail } from './datasets'
import { job } from './kinds'

const Source = z.string().min(1).max(200)

/** How a set would stand after each step, the source first. */
export const PreparationPlan = z.object({
  stages: z.array(
    z.object({
      /** The source's name, then each step in words. */
      says: z.string(),
      /** Height, width, channels. */
      shape: z.array(z.number().int()),
      classes: z.array(z.string()),
      splits: z.array(
        z.object({
          name: z.string(),
          images: z.number().int(),
          /** Images of each class, in the order of the stage's classes. */
          classCounts: z.array(z.number().int()),
        }),
      ),
    }),
  ),
})
export type PreparationPlan = z.infer<typeof PreparationPlan>

/** Sets that are made of others. */
export const preparationCalls = {
  /** Makes a set of another one by a recipe, and keeps the recipe with it. */
  'datasets.prepare': job(z.strictObject({ source: Source, name: DatasetName, steps: Steps }), DatasetDetail),
  /** Makes a set by program, by its words (`spirals:classes=3`), and keeps it under a name as a prepared one is kept. */
  'datasets.create': job(z.strictObject({ made: Source, name: DatasetName }), DatasetDetail),
  /** What a recipe would come to, step by step; nothing is made. */
  'datasets.plan': job(z.strictObject({ source: Source, steps: Steps }), PreparationPlan),
} as const
