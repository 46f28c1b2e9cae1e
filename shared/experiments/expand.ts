import { writtenOut } from '../architecture'
import { UserError } from '../errors'
import { movedPath, withExecution } from '../settings/moved'
import type { Cell, ExperimentDefinition } from './experiment'

/** What `runs.start` needs to fill a cell; not checked yet. */
export interface CellRun {
  readonly cell: Cell
  readonly name: string
  readonly input: {
    network: unknown
    data: Record<string, unknown>
    training: Record<string, unknown>
    execution?: Record<string, unknown>
    seed: number
  }
}

/** More than anyone waits for; a mistyped grid should not fill the queue. */
export const MOST_CELLS = 2000

/**
 * Every cell of a definition, seeds running fastest, so that what is compared comes in pairs.
 *
 * @throws UserError where there are too many, or two variants of an axis have one label.
 */
export function cellsOf(definition: ExperimentDefinition): CellRun[] {
  const { axes, seeds } = definition
  for (const axis of axes) {
    const labels = axis.variants.map(({ label }) => label)
    const twice = labels.find((label, i) => labels.indexOf(label) !== i)
    if (twice !== undefined)
      throw new UserError(`two variants are called "${twice}"`, {
        place: `axis "${axis.name}"`,
        remedy: 'give each its own label',
      })
  }
  if (axes.length === 0) return []
  const count = axes.reduce((product, { variants }) => product * variants.length, seeds.length)
  if (count > MOST_CELLS)
    throw new UserError(`the grid has ${count} runs, the most is ${MOST_CELLS}`, { remedy: 'take fewer values or seeds' })
  let combinations: { labels: string[]; sets: Record<string, unknown>[] }[] = [{ labels: [], sets: [] }]
  for (const { variants } of axes)
    combinations = combinations.flatMap(({ labels, sets }) =>
      variants.map(({ label, set }) => ({ labels: [...labels, label], sets: [...sets, set] })),
    )
  return combinations.flatMap(({ labels, sets }) =>
    seeds.map((seed) => ({
      cell: { labels, seed },
      name: `${labels.join(' · ')}${seeds.length > 1 ? ` · seed ${seed}` : ''}`.slice(0, 200),
      input: inputOf(definition, sets, seed),
    })),
  )
}

/** What `runs.start` is asked for of a base with other settings. */
export function inputWith(definition: ExperimentDefinition, set: Record<string, unknown>, seed: number): CellRun['input'] {
  return inputOf(definition, [set], seed)
}

/** One text for a cell, to find its run by. */
export function cellKey({ labels, seed }: Cell): string {
  return JSON.stringify([labels, seed])
}

function inputOf({ base }: ExperimentDefinition, sets: readonly Record<string, unknown>[], seed: number): CellRun['input'] {
  const input: Record<string, unknown> = withExecution(structuredCopy({ ...base, seed }))
  for (const set of sets)
    for (const [path, value] of Object.entries(set)) {
      const [first, ...rest] = movedPath(path).split('.')
      if (first === 'network' && rest.length > 0) input['network'] = withOption(input['network'], rest[0]!, value)
      else put(input, [first!, ...rest], structuredCopy(value))
    }
  return input as CellRun['input']
}

/** A preset's words with another value of an option. @throws UserError where the network is no preset's words. */
function withOption(words: unknown, name: string, value: unknown): string {
  if (typeof words !== 'string')
    throw new UserError('a network that was drawn has no options', {
      place: `network.${name}`,
      remedy: 'take a preset as the base',
    })
  const { preset, options } = writtenOut(words)
  const told = Object.entries({ ...options, [name]: String(value) }).map(([option, text]) => `${option}=${text}`)
  return `${preset}:${told.join(',')}`
}

function put(target: Record<string, unknown>, [name, ...rest]: string[], value: unknown): void {
  if (name === undefined || name === '__proto__' || name === 'constructor') return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const inner = Object.prototype.hasOwnProperty.call(target, name) ? target[name] : undefined
  const object = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {}
  target[name] = object
  put(object, rest, value)
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
