import path from 'node:path'
import { UserError } from '../../shared/errors'
import { run } from '../prepare/command'

const root = path.resolve(__dirname, '../..')
const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')

/** What one process that trained a few steps says of itself; milliseconds. */
export interface Timing {
  readonly ms_median: number
  readonly ms_min: number
  readonly ms_first: number
  readonly rss_mb: number
}

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly peer?: number
  readonly ratio?: number
  /** Least and greatest ratio of the rounds. */
  readonly spread?: readonly [number, number]
}

/** Runs a program in a process of its own; its last line is a JSON object. */
export async function json<T = Timing>(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<T> {
  const outcome = await run(command, args, { cwd: root, env })
  if (outcome.status !== 0)
    throw new UserError(`${args[0]} failed (${outcome.stderr.trim().split('\n').pop()})`, { place: 'bench' })
  return JSON.parse(outcome.stdout.trim().split('\n').pop()!) as T
}

/** One of the programs beside this file. */
export const program = <T>(name: string, ...words: readonly string[]): Promise<T> =>
  json<T>(process.execPath, [tsx, path.join(__dirname, `${name}.ts`), ...words], process.env)

/** Our training step. */
export const ours = (preset: string, batch: number, steps: number, ...words: string[]): Promise<Timing> =>
  program<Timing>('step', preset, `${batch}`, `${steps}`, ...words)

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const rounded = (value: number): number => Number(value.toPrecision(4))

export function print(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value))}\n`)
}

/** Two programs in turn, so that both meet the same machine. */
export async function alternate(rounds: number, a: () => Promise<Timing>, b: () => Promise<Timing>): Promise<[Timing, Timing][]> {
  const pairs: [Timing, Timing][] = []
  for (let round = 0; round < rounds; round++) pairs.push([await a(), await b()])
  return pairs
}

/** Prints the medians of both, and the median of the rounds' ratios. */
export function compare(name: string, unit: string, pairs: readonly [Timing, Timing][], read: (timing: Timing) => number): void {
  const ratios = pairs.map(([a, b]) => read(a) / read(b)).sort((a, b) => a - b)
  print({
    name,
    value: median(pairs.map(([a]) => read(a))),
    unit,
    peer: median(pairs.map(([, b]) => read(b))),
    ratio: median(ratios),
    spread: [ratios[0]!, ratios[ratios.length - 1]!],
  })
}
