import { z } from 'zod'
import { LabApi } from '../../shared/api'
import { closest } from '../../shared/closest'
import { UserError } from '../../shared/errors'
import { finiteNumber } from './arguments'

/** What `runs.start` takes beside the network. */
export type Settings = Omit<z.input<(typeof LabApi)['runs.start']['input']>, 'network'>

interface Leaf {
  readonly path: readonly string[]
  readonly schema: z.ZodType
}

/** Every setting of a run by its path in the configuration: `training.projection.method`. */
function settings(): Leaf[] {
  const { data, training, seed } = LabApi['runs.start'].input.shape
  return [...leaves(data, ['data']), ...leaves(training, ['training']), { path: ['seed'], schema: bare(seed) }]
}

function leaves(schema: z.ZodType, path: readonly string[]): Leaf[] {
  const inner = bare(schema)
  if (!(inner instanceof z.ZodObject)) return [{ path, schema: inner }]
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, field]) => leaves(field, [...path, name]))
}

/** A schema without its optional and default wrappings. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap() as z.ZodType)
  return schema
}

/**
 * Puts `key=value` into the settings. The key is a path (`training.momentum`) or its end, where that is unique (`momentum`).
 *
 * @throws UserError for a key that is none or several, and a value that is not of its kind.
 */
export function applySetting(target: Settings, assignment: string): void {
  const equals = assignment.indexOf('=')
  if (equals < 1)
    throw new UserError(`"${assignment}" is not key=value`, { place: '--set', remedy: 'for example --set momentum=0.95' })
  const key = assignment.slice(0, equals).trim()
  const { path, schema } = findSetting(key)
  const value = valueOf(schema, assignment.slice(equals + 1).trim(), `--set ${key}`)
  let place = target as Record<string, unknown>
  for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as Record<string, unknown>
  place[path[path.length - 1]!] = value
}

function findSetting(key: string): Leaf {
  const all = settings().map((leaf) => ({ ...leaf, name: leaf.path.join('.') }))
  const found = all.filter(({ name }) => name === key || name.endsWith(`.${key}`))
  const exact = found.find(({ name }) => name === key)
  if (exact) return exact
  if (found.length === 1) return found[0]!
  // `epochs` is the run's, not the checkpoints': the outer one of several.
  const depth = Math.min(...found.map(({ path }) => path.length))
  const outer = found.filter(({ path }) => path.length === depth)
  if (outer.length === 1) return outer[0]!
  if (found.length > 1)
    throw new UserError(`"${key}" is several settings`, {
      place: '--set',
      remedy: `say which: ${found.map(({ name }) => name).join(' or ')}`,
    })
  const near = closest(
    key,
    all.flatMap(({ name, path }) => [name, path[path.length - 1]!]),
  )
  throw new UserError(`there is no setting "${key}"`, {
    place: '--set',
    remedy: near ? `perhaps ${near}` : `there are ${all.map(({ name }) => name).join(', ')}`,
  })
}

/**
 * Text as a value of the schema's kind; its range is for the lab to check. Lists of numbers are written 150,225; lists of words and
 * of groups as JSON.
 */
function valueOf(schema: z.ZodType, text: string, place: string): unknown {
  if (schema instanceof z.ZodNumber) return finiteNumber(text, place)
  if (schema instanceof z.ZodBoolean) {
    if (text !== 'true' && text !== 'false') throw new UserError(`"${text}" is neither true nor false`, { place })
    return text === 'true'
  }
  if (/^\s*[[{]/.test(text)) return parseJson(text, place)
  if (schema instanceof z.ZodArray) return text === '' ? [] : text.split(/[,/]/).map((part) => finiteNumber(part, place))
  // A schema that takes several kinds: whitening=true, projection.layers=all.
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`this is no JSON (${(error as Error).message})`, { place, remedy: 'write it like ["stage1.*"]' })
  }
}

/**
 * `cosine`, `one-cycle`, or `150,225` or `150,225*0.1`: the epochs after which the rate is multiplied by the factor (0.1 where none is said).
 *
 * @throws UserError where it is none of these.
 */
export function parseSchedule(text: string): {
  schedule: 'steps' | 'cosine' | 'one-cycle'
  milestones?: number[]
  factor?: number
} {
  if (text === 'cosine' || text === 'one-cycle') return { schedule: text }
  const [epochs, factor, ...rest] = text.split('*')
  const place = '--schedule'
  const remedy = 'write it like 150,225*0.1, or cosine or one-cycle'
  if (rest.length > 0) throw new UserError(`"${text}" has more than one factor`, { place, remedy })
  const milestones = epochs!.split(',').map((part) => finiteNumber(part, place))
  if (milestones.some((epoch, i) => epoch <= (milestones[i - 1] ?? 0)))
    throw new UserError(`the epochs of "${text}" do not increase`, { place, remedy })
  return { schedule: 'steps', milestones, ...(factor !== undefined && { factor: finiteNumber(factor, place) }) }
}

/**
 * `flip,crop4,reflect`: what is done to the training images.
 *
 * @throws UserError for another word.
 */
export function parseAugmentation(text: string): { flip: boolean; crop: number; padding: 'zero' | 'reflect' } {
  const result = { flip: false, crop: 0, padding: 'zero' as 'zero' | 'reflect' }
  for (const word of text.split(',').map((part) => part.trim())) {
    const crop = /^crop(\d{1,4})$/.exec(word)
    if (crop) result.crop = Number(crop[1])
    else if (word === 'flip') result.flip = true
    else if (word === 'zero' || word === 'reflect') result.padding = word
    else if (word !== 'none')
      throw new UserError(`"${word}" is no augmentation`, { place: '--augment', remedy: 'write it like flip,crop4,reflect' })
  }
  return result
}
