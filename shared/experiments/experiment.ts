import { z } from 'zod'
import { NetworkDocument } from '../architecture/document'
import { Expectation } from './expectation'
import { Search } from '../search/search'
import { RunId } from '../run-id'
import { SettingPath } from '../settings/setting-path'

/** Settings by their paths, with values. */
const Settings = z.record(SettingPath, z.unknown())

/** One of an axis's values: a few settings that go together, under a label. */
export const Variant = z.strictObject({ label: z.string().trim().min(1).max(200), set: Settings })
export type Variant = z.infer<typeof Variant>

/** A question of an experiment: `depth`, with its variants. */
export const Axis = z.strictObject({
  name: z.string().trim().min(1).max(100),
  variants: z.array(Variant).min(1).max(1000),
})
export type Axis = z.infer<typeof Axis>

/** What the axis of a search's trials is called. */
export const TRIALS = 'trial'

/**
 * A grid over settings: every combination of the axes' variants, each with every seed. One axis makes a list. Later axes'
 * settings override earlier ones', and those override the base's.
 */
export const ExperimentDefinition = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    /** The claim that it tests, and where it is made. */
    claim: z.string().max(2000).default(''),
    base: z.strictObject({
      network: z.union([z.string().min(1).max(500), NetworkDocument]),
      data: z.record(z.string(), z.unknown()).default({}),
      training: z.record(z.string(), z.unknown()).default({}),
      execution: z.record(z.string(), z.unknown()).optional(),
    }),
    /** Of a search the one axis of its trials, which it makes itself. */
    axes: z.array(Axis).max(10).default([]),
    /** In place of axes: which settings are looked through, and how. */
    search: Search.optional(),
    /** What the claim comes to in numbers; of a definition without any there is no verdict. */
    expects: z.array(Expectation).max(100).default([]),
    /** Repeats of each combination. */
    seeds: z
      .array(z.number().int().min(0).max(0xffffffff))
      .min(1)
      .max(1000)
      .default([1])
      .refine((seeds) => new Set(seeds).size === seeds.length, 'seeds must differ from each other'),
  })
  .refine(({ axes, search }) => search !== undefined || axes.length > 0, { path: ['axes'], error: 'must hold an axis at least' })
  .refine(({ axes, search }) => search === undefined || axes.every(({ name }) => name === TRIALS), {
    path: ['axes'],
    error: 'must be left out of a search, which makes its own',
  })
export type ExperimentDefinition = z.infer<typeof ExperimentDefinition>

/** Which combination of an experiment a run is: the label of each axis's variant, and the seed. */
export const Cell = z.object({ labels: z.array(z.string()), seed: z.number().int() })
export type Cell = z.infer<typeof Cell>

export const Experiment = z.object({
  id: z.number().int(),
  definition: ExperimentDefinition,
  createdAt: z.string(),
  /** Every cell with the run that fills it; null where there is none yet, or no more. */
  cells: z.array(Cell.extend({ run: RunId.nullable() })),
})
export type Experiment = z.infer<typeof Experiment>

const PlannedCell = Cell.extend({
  network: z.string(),
  parameters: z.number(),
  /** Of one image's forward pass. */
  flops: z.number(),
  blocks: z.number().int(),
  steps: z.number().int(),
  /** Estimate from the speed of this machine's earlier runs; null where there was none. */
  seconds: z.number().nullable(),
})
export const ExperimentPlan = z.object({
  cells: z.array(PlannedCell),
  /** Of all cells, one after another. */
  seconds: z.number().nullable(),
  /** What the estimate rests on. */
  basis: z.string(),
})
export type ExperimentPlan = z.infer<typeof ExperimentPlan>

/** An experiment that comes with NormLab, in the sizes that it can be had in. */
export const ReadyExperiment = z.object({
  /** `deeper`, as the command line calls it. */
  name: z.string(),
  title: z.string(),
  claim: z.string(),
  /** What to look at when it is done. */
  look: z.string(),
  sizes: z.array(z.object({ name: z.string(), description: z.string(), definition: ExperimentDefinition })),
})
export type ReadyExperiment = z.infer<typeof ReadyExperiment>
