import { markRaw } from 'vue'
import { PreparationStep, stepKinds } from '../../../shared/datasets/preparation'
import type { StepKind } from '../../../shared/datasets/step'
import { complaintOf } from '../../../shared/plain-words'
import type { PlacedSetting } from '../../../shared/settings'
import { fieldOf, readValue, writeValue } from '../../../shared/settings/field'

/** What the fields of one step hold, as they were typed. */
export interface StepForm {
  readonly key: number
  readonly kind: StepKind
  readonly values: Record<string, string | boolean>
  /** A step that comes as it is, such as the images of a repair, and has no fields. */
  readonly fixed?: PreparationStep
}

let next = 1

/** A step with its usual values, or those that are given. */
export function emptyStep(kind: StepKind, given: Readonly<Record<string, unknown>> = {}): StepForm {
  const values = Object.fromEntries(
    fieldsOf(kind).map((field) => {
      const { kind: how, default: usual } = fieldOf(field)
      const value = given[field.path] ?? usual
      return [field.path, how === 'switch' ? value === true : writeValue(field, value)]
    }),
  )
  return { key: next++, kind: markRaw(kind), values }
}

/** A step that was given: to be changed, but for the images of a repair. */
export function givenStep(step: PreparationStep): StepForm {
  const kind = stepKinds.find(({ name }) => name === step.step)!
  if (step.step !== 'leave-out') return emptyStep(kind, step)
  // Schemas do not work behind a proxy, and a repair names images in their thousands.
  return { key: next++, kind: markRaw(kind), values: {}, fixed: markRaw(step) }
}

/** A step's values as settings of a form are. */
export function fieldsOf(kind: StepKind): PlacedSetting[] {
  return Object.entries(kind.fields).map(([name, field]) => ({ ...field, path: name, group: 'data' }))
}

/** The step that the fields mean, or what is wrong with them, by field. */
export function readStep({ kind, values, fixed }: StepForm): {
  readonly step: PreparationStep | null
  readonly problems: Readonly<Record<string, string>>
} {
  if (fixed) return { step: fixed, problems: {} }
  const told: Record<string, unknown> = { step: kind.name }
  const problems: Record<string, string> = {}
  for (const field of fieldsOf(kind)) {
    const held = values[field.path] ?? ''
    const read = typeof held === 'boolean' ? { value: held } : readValue(field, held)
    if (!('value' in read)) problems[field.path] = `must be ${read.must}`
    else if (read.value !== undefined) told[field.path] = read.value
    else if (!field.schema.safeParse(undefined).success) problems[field.path] = 'is needed'
  }
  if (Object.keys(problems).length > 0) return { step: null, problems }
  const checked = PreparationStep.safeParse(told)
  if (checked.success) return { step: checked.data, problems }
  const { path, message } = complaintOf(checked.error)
  return { step: null, problems: { [String(path[path.length - 1] ?? fieldsOf(kind)[0]?.path)]: message } }
}
