import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { run } from '../prepare/command'
import { prepareTensorflow } from '../prepare/tensorflow'
import { prepareTorch, type TorchEnvironment } from './torch'

/**
 * `npm run bench -- [--rounds 5] [--only TEXT] [--python FILE] [--peer FILE]`: speed and memory as ratios to PyTorch, measured in
 * alternation so that both meet the same machine. Prints one JSON object a figure: name, value, unit, and peer, ratio where
 * there is a peer. A ratio below 1 is in NormLab's favour. --peer names another program that takes peer.py's options.
 */

const root = path.resolve(__dirname, '../..')

interface Timing {
  readonly ms_median: number
  readonly ms_min: number
  readonly ms_first: number
  readonly rss_mb: number
}

interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly peer?: number
  readonly ratio?: number
  /** Least and greatest ratio of the rounds. */
  readonly spread?: readonly [number, number]
}

async function json(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Timing> {
  const outcome = await run(command, args, { cwd: root, env })
  if (outcome.status !== 0)
    throw new UserError(`${args[0]} failed (${outcome.stderr.trim().split('\n').pop()})`, { place: 'bench' })
  return JSON.parse(outcome.stdout.trim().split('\n').pop()!) as Timing
}

const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
const ours = (preset: string, batch: number, steps: number, ...words: string[]): Promise<Timing> =>
  json(process.execPath, [tsx, path.join(__dirname, 'step.ts'), preset, `${batch}`, `${steps}`, ...words], process.env)

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const rounded = (value: number): number => Number(value.toPrecision(4))

function print(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value))}\n`)
}

/** Two programs in turn, and the median of the rounds' ratios. */
async function alternate(rounds: number, a: () => Promise<Timing>, b: () => Promise<Timing>): Promise<[Timing, Timing][]> {
  const pairs: [Timing, Timing][] = []
  for (let round = 0; round < rounds; round++) pairs.push([await a(), await b()])
  return pairs
}

function compare(name: string, unit: string, pairs: readonly [Timing, Timing][], read: (timing: Timing) => number): void {
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

runTool(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      python: { type: 'string' },
      peer: { type: 'string' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError(`--rounds ${values.rounds} is not a whole number from 1 up`)
  const peerFile = path.resolve(values.peer ?? path.join(__dirname, 'peer.py'))
  if (!existsSync(peerFile)) throw new UserError('there is no such program', { place: peerFile })
  await prepareTensorflow(path.join(root, 'node_modules'))
  const torch: TorchEnvironment = values.python ? { python: values.python, env: process.env } : await prepareTorch()
  const peer = (blocks: number, batch: number, steps: number): Promise<Timing> =>
    json(
      torch.python,
      [peerFile, '--blocks', `${blocks}`, '--batch', `${batch}`, '--steps', `${steps}`, '--instrumented'],
      torch.env,
    )

  const cases = [
    { blocks: 3, batch: 32, steps: 20 },
    { blocks: 18, batch: 32, steps: 8 },
    { blocks: 111, batch: 8, steps: 4 },
  ]
  const wanted = (name: string): boolean => name.includes(values.only)
  for (const { blocks, batch, steps } of cases) {
    const label = `blocks=${blocks},batch=${batch}`
    if (!wanted(`step ${label}`) && !wanted(`memory ${label}`) && !wanted(`first ${label}`)) continue
    const pairs = await alternate(
      rounds,
      () => ours(`proc-resnet:blocks=${blocks}`, batch, steps),
      () => peer(blocks, batch, steps),
    )
    compare(`step with all norms, ${label}`, 'ms', pairs, ({ ms_median }) => ms_median)
    compare(`peak memory, ${label}`, 'MB', pairs, ({ rss_mb }) => rss_mb)
    if (blocks === 111)
      print({
        name: `compile and first step, ${3 * 3 * blocks + 4} layers`,
        value: median(pairs.map(([a]) => a.ms_first)),
        unit: 'ms',
      })
  }
  for (const { blocks, batch, steps } of cases.slice(0, 2)) {
    const label = `blocks=${blocks},batch=${batch}`
    if (!wanted(`norms ${label}`)) continue
    const preset = `proc-resnet:blocks=${blocks}`
    const pairs = await alternate(
      rounds,
      () => ours(preset, batch, 2 * steps),
      () => ours(preset, batch, 2 * steps, 'bare'),
    )
    compare(`step with norms over step without, ${label}`, 'ms', pairs, ({ ms_median }) => ms_median)
  }
})
