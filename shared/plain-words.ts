import { z } from 'zod'
import { closest } from './closest'
import { cutText } from './cut-text'

/**
 * What schemas complain of, as one would say it: `must be at least 1`. Made from a complaint's code and data, never from Zod's English. Loading
 * this file installs it for every schema; whoever tells a complaint asks `complaintOf`, and so has loaded it.
 */

/** A kind of value, as one would call it. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ number: 'a number', int: 'a whole number', string: 'a string', boolean: 'true or false' },
  ...{ array: 'a list', tuple: 'a list', object: 'an object', record: 'an object' },
}
/** What has a size that is counted rather than a value, and in what. */
const COUNTED: Readonly<Record<string, readonly [one: string, many: string]>> = {
  ...{ string: ['character', 'characters'], file: ['byte', 'bytes'] },
  ...{ array: ['entry', 'entries'], set: ['entry', 'entries'], map: ['entry', 'entries'] },
}
/** Unknown names in one complaint; with more of them nobody is helped. */
const MOST_NAMES = 6

type Issue = z.core.$ZodRawIssue
type Coded<C extends Issue['code']> = Extract<Issue, { readonly code: C }>

/** A complaint's clause. One that a schema words itself never comes here. */
function plainWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kindWords(issue.expected, issue.input)
    case 'too_small':
      return boundWords(issue.origin, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than', issue.minimum)
    case 'too_big':
      return boundWords(issue.origin, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than', issue.maximum)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`
    case 'invalid_format':
      return formatWords(issue)
    case 'unrecognized_keys':
      return unknownWords(issue)
    case 'invalid_union':
      // The words that tell one member from another, where there are such.
      return issue.inclusive !== false && issue.options?.length ? `must be ${oneOf(issue.options)}` : 'does not fit'
    case 'invalid_key':
      return `its name ${issue.issues[0]?.message ?? 'does not fit'}`
    case 'invalid_element':
      return `an entry of it ${issue.issues[0]?.message ?? 'does not fit'}`
    default:
      return 'does not fit'
  }
}
z.config({ customError: plainWords })

/** A complaint's clause with the way to the value that it is about. */
export interface Complaint {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** The first of a schema's complaints. */
export const complaintOf = (error: z.ZodError): Complaint => innermost(foremost(error.issues))

/** The first of them; where a field is missing and there is a name beside it that nobody knows, that one: it is a slip. */
export function foremost([first, ...others]: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const beside = (path: readonly PropertyKey[]): boolean =>
    path.length === first!.path.length - 1 && path.every((key, i) => key === first!.path[i])
  const slip = first!.code === 'invalid_type' && others.find(({ code, path }) => code === 'unrecognized_keys' && beside(path))
  return slip || first!
}

/** A union says only that no member fits: the member that came furthest says why, not one that is meant for another kind of value. */
export function innermost(issue: z.core.$ZodIssue): Complaint {
  const { path, message } = issue
  if (issue.code !== 'invalid_union') return { path, message }
  const members = issue.errors.flatMap((issues) => (issues[0] ? [innermost(foremost(issues))] : []))
  const furthest = members.sort((a, b) => reach(b) - reach(a))[0]
  return furthest ? { path: [...path, ...furthest.path], message: furthest.message } : { path, message }
}

const reach = ({ path }: Complaint): number => (path.length === 1 && path[0] === 'kind' ? 0.5 : path.length)

/** What was wanted, and what was there instead. */
function kindWords(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing'
  const wanted = KINDS[expected] ?? expected
  if (typeof input === 'number') {
    if (!Number.isFinite(input)) return 'must be a finite number'
    // A whole number was wanted and a fraction was there.
    if (expected === 'int') return `must be ${wanted}`
  }
  return `must be ${wanted}, not ${foundWords(input)}`
}

function foundWords(input: unknown): string {
  if (input === null) return 'null'
  if (typeof input === 'boolean') return 'a truth value'
  const kind = Array.isArray(input) ? 'array' : typeof input
  return KINDS[kind] ?? kind
}

function boundWords(origin: string, relation: string, bound: number | bigint): string {
  const names = COUNTED[origin]
  return names ? `must have ${relation} ${bound} ${names[Number(bound) === 1 ? 0 : 1]}` : `must be ${relation} ${bound}`
}

function formatWords({ format, ...said }: Coded<'invalid_format'>): string {
  if (format === 'starts_with') return `must begin with “${said['prefix'] as string}”`
  if (format === 'ends_with') return `must end with “${said['suffix'] as string}”`
  if (format === 'includes') return `must contain “${said['includes'] as string}”`
  return 'is not written as it must be'
}

/** The names that there are not, and those that may have been meant. */
function unknownWords({ keys, inst }: Coded<'unrecognized_keys'>): string {
  const known = inst instanceof z.core.$ZodObject ? Object.keys(inst._zod.def.shape) : []
  const some = keys.slice(0, MOST_NAMES)
  const near = some.flatMap((key) => closest(key, known) ?? [])
  const names = some.map((key) => `“${cutText(key)}”`)
  const told = keys.length > some.length ? `${names.join(', ')} or any of ${keys.length - some.length} more` : orList(names)
  return `there is no field ${told}${near.length > 0 ? `; perhaps ${orList([...new Set(near)].map((name) => `“${name}”`))}` : ''}`
}

/** `“same” or “valid”`, `“stem”, “block” or “transition”`. */
const oneOf = (values: readonly unknown[]): string =>
  orList(values.map((value) => (typeof value === 'string' ? `“${value}”` : String(value))))

function orList(words: readonly string[]): string {
  const last = words[words.length - 1] ?? 'another'
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last
}
