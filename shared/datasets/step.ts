import { z } from 'zod'
import { SplitName } from './names'
import type { Setting } from '../settings/setting'

/** One value of a step: all that a form, a command line and a sentence need of it, as a setting of a run is declared. */
export type StepField<S extends z.ZodType = z.ZodType> = Pick<
  Setting<S>,
  'label' | 'says' | 'unit' | 'schema' | 'words' | 'absent' | 'text'
>

export type StepFields = Readonly<Record<string, StepField>>

/** A step of a preparation: its name in a recipe, what it is for people, its values, and itself in words. */
export interface StepKind<N extends string = string, F extends StepFields = StepFields> {
  /** `label-noise` */
  readonly name: N
  /** `Label noise` */
  readonly label: string
  /** One sentence without its full stop. */
  readonly says: string
  readonly fields: F
  readonly schema: z.ZodObject<{ step: z.ZodLiteral<N> } & { [K in keyof F]: F[K]['schema'] }>
  /** `labels of train exchanged with a chance of 0.2, seed 1` */
  readonly tell: (step: z.output<StepKind<N, F>['schema']>) => string
}

export function field<S extends z.ZodType>(declared: StepField<S>): StepField<S> {
  return declared
}

export function defineStep<const N extends string, const F extends StepFields>(
  declared: Omit<StepKind<N, F>, 'schema'>,
): StepKind<N, F> {
  const shape = Object.fromEntries(Object.entries(declared.fields).map(([name, { schema }]) => [name, schema]))
  const schema = z.strictObject({ step: z.literal(declared.name), ...shape })
  return { ...declared, schema: schema as unknown as StepKind<N, F>['schema'] }
}

/** Lists as they are written in a field: `a, b`. */
export const listText = {
  read: (text: string): string[] =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  write: (value: unknown): string => (Array.isArray(value) ? value.join(', ') : ''),
}

export const seed = field({
  label: 'Seed',
  says: 'Decides, with each image’s content, what becomes of it',
  schema: z.number().int().min(0).max(4_294_967_295).default(1),
})

/** The splits that a step is for. @param usual What it takes where none are told. */
export function splitsField(usual: string): StepField<z.ZodOptional<z.ZodArray<z.ZodString>>> {
  return {
    label: 'Of the splits',
    says: `Splits that it is for; ${usual} where none are told`,
    schema: z.array(SplitName).min(1).max(100).optional(),
    absent: usual,
    text: { ...listText, example: 'train, validation' },
  }
}

/** `train and validation`, or what it is where none are told. */
export function ofWords(splits: readonly string[] | undefined, usual: string): string {
  return splits?.join(' and ') ?? usual
}
