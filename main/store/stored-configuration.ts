import { Configuration } from '../../shared/configuration'
import { withExecution } from '../../shared/settings/moved'
import { innermost } from '../../shared/plain-words'

/**
 * A run's configuration as it is stored: JSON with the version of its form beside it. One of an older form is brought up step by step, one from
 * the future, or with settings that do not fit, is read as far as it goes: it can be looked at, but not run.
 */

type Fields = Record<string, unknown>

/** One step for each version that was: makes the next one's form of it. Steps that were released never change. */
const upgrades: readonly ((older: Fields) => Fields)[] = [keepFirstSchedules, withExecution]

/** Cosine and one cycle had other formulas: a run that was begun with them goes on with them. */
function keepFirstSchedules(older: Fields): Fields {
  const { training } = older
  if (!isFields(training) || (training.schedule !== 'cosine' && training.schedule !== 'one-cycle')) return older
  return { ...older, training: { scheduleForm: 1, ...training } }
}

const VERSION = upgrades.length + 1
/** More complaints than this are not told one by one. */
const MOST_PROBLEMS = 20

export interface ReadConfiguration {
  /** Settings that could not be read have their defaults in it. */
  readonly configuration: Configuration
  /** As it is stored, in today's form: what is left out has no default in it. */
  readonly told: Readonly<Record<string, unknown>>
  /** What could not be read, a sentence each; with one of them the configuration must not be run. */
  readonly problems: readonly string[]
}

export function writeConfiguration(configuration: Configuration): string {
  return JSON.stringify({ ...configuration, version: VERSION })
}

/** @param stored What the JSON says; without a version it is of the first. */
export function readConfiguration(stored: unknown): ReadConfiguration {
  if (!isFields(stored)) return { configuration: standIn(), told: {}, problems: ['the configuration cannot be read'] }
  const { version = 1, ...fields } = stored
  const problems: string[] = []
  let current: Fields = fields
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    problems.push('the configuration’s version cannot be read')
  else if (version > VERSION)
    problems.push(`the configuration is of a newer NormLab (its version is ${version}, this one knows up to ${VERSION})`)
  else
    try {
      for (const upgrade of upgrades.slice(version - 1)) current = upgrade(current)
    } catch {
      problems.push('the configuration is damaged')
    }
  return { configuration: fitted(current, problems), told: current, problems }
}

/** Takes out what does not fit, complaint by complaint, until the rest does. */
function fitted(fields: Fields, problems: string[]): Configuration {
  const rest = structuredCopy(fields)
  for (let round = 0; round < MOST_PROBLEMS; round++) {
    const parsed = Configuration.safeParse(rest)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) {
      const names = issue.path.map(String)
      const { message } = innermost(issue)
      if (names[0] === 'network') {
        problems.push(`${names.join('.')}: ${message}`)
        rest.network = standIn().network
        break
      }
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined
      for (const key of unknown ?? [undefined]) {
        const place = key === undefined ? names : [...names, key]
        problems.push(`${place.join('.').slice(0, 200)}: ${key === undefined ? message : 'this NormLab knows no such setting'}`)
        if (!remove(rest, place)) return standIn(rest)
      }
    }
  }
  return standIn(rest)
}

/** Removes the innermost entry of an object on the way to this place. */
function remove(fields: Fields, place: readonly string[]): boolean {
  let holder: unknown = fields
  for (const [i, name] of place.entries()) {
    if (!isFields(holder)) return false
    if (i === place.length - 1 || !isFields(holder[name])) return Reflect.deleteProperty(holder, name)
    holder = holder[name]
  }
  return false
}

/** In the place of one of which nothing can be read. */
function standIn(fields: Fields = {}): Configuration {
  const network = { format: 'normlab/network', version: 1, name: 'unreadable', nodes: [{ id: 'input', kind: 'input' }] }
  const whole = Configuration.safeParse({ network: fields.network ?? network })
  return whole.success ? whole.data : Configuration.parse({ network })
}

const structuredCopy = (fields: Fields): Fields => JSON.parse(JSON.stringify(fields)) as Fields

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
