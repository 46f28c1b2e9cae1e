import { z } from 'zod'
import { OPTIMISER_NAMES } from '../optimisers'
import { finite, Pattern } from './family'
import { setting } from './setting'

/** Parameters that are treated otherwise than the rest. The first group that a parameter fits is its. */
const ParameterGroup = z.strictObject({
  /** `kernels`, `biases`, `norms` (scales and shifts), or a pattern of names: `head.*`. */
  parameters: Pattern,
  /** Instead of the run's. */
  weightDecay: finite.min(0).max(1e6).optional(),
  /** Times the run's rate. */
  rateFactor: finite.min(0).max(1e6).default(1),
  /** Instead of the run's. */
  optimiser: z.enum(OPTIMISER_NAMES).optional(),
})
export type ParameterGroup = z.infer<typeof ParameterGroup>

const EXAMPLE = 'norms weightDecay=0; head.* rateFactor=0.1'

/** `norms weightDecay=0; head.* rateFactor=0.1`, or JSON. */
function read(text: string): unknown {
  if (/^\s*\[/.test(text)) return JSON.parse(text)
  return text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [parameters, ...words] = part.split(/\s+/)
      const fields = words.map((word) => {
        const [, name, value] = /^(weightDecay|rateFactor|optimiser)=(.+)$/.exec(word) ?? []
        if (name === 'optimiser') return [name, value!] as const
        if (name === undefined || !Number.isFinite(Number(value))) throw new Error(`groups like ${EXAMPLE}`)
        return [name, Number(value)] as const
      })
      return { parameters, ...Object.fromEntries(fields) }
    })
}

function write(value: unknown): string {
  const groups = value as ParameterGroup[]
  // A name with blanks or a semicolon is told as JSON.
  if (groups.some(({ parameters }) => /[\s;[]/.test(parameters))) return JSON.stringify(groups)
  return groups
    .map(({ parameters, weightDecay, rateFactor, optimiser }) =>
      [
        parameters,
        ...(weightDecay === undefined ? [] : [`weightDecay=${weightDecay}`]),
        ...(rateFactor === 1 ? [] : [`rateFactor=${rateFactor}`]),
        ...(optimiser === undefined ? [] : [`optimiser=${optimiser}`]),
      ].join(' '),
    )
    .join('; ')
}

export const groupsOfParameters = setting({
  label: 'Groups of parameters',
  says: 'Weight decay, rate and optimiser of kernels, biases, norms, or of what a pattern of names fits; the first that fits holds',
  group: 'regularisation',
  schema: z.array(ParameterGroup).max(100).default([]),
  absent: 'none',
  text: { read, write, example: EXAMPLE },
})
