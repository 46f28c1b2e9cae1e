import path from 'node:path'
import { json, median, print } from './figures'
import { prepareVision, type TorchEnvironment } from './torch'

interface Clock {
  readonly without_ms: number
  readonly with_ms: number
  readonly ratio: number
  /** With hooks that only read each boundary's gradient once. */
  readonly read_ms: number
  readonly read_ratio: number
}
interface Told {
  readonly wall: Clock
  readonly processor: Clock
}

/**
 * What the recorder takes of a step of PyTorch, and what reading the gradients once takes by itself: steps with it and without it in turn, in one process;
 * a ratio of 1.03 is 3 %.
 */
export async function recorder(
  rounds: number,
  wanted: (name: string) => boolean,
  torch: () => Promise<TorchEnvironment>,
): Promise<void> {
  const name = 'recorder, step of PyTorch with its norms'
  if (!wanted(name)) return
  const { python, env } = await torch()
  await prepareVision()
  const told: Told[] = []
  for (let round = 0; round < rounds; round++)
    told.push(await json<Told>(python, [path.join(__dirname, 'recorder_step.py')], env))
  for (const clock of ['wall', 'processor'] as const) {
    const clocks = told.map((round) => round[clock])
    const tell = (what: string, value: number, ratios: number[]): void => {
      ratios.sort((a, b) => a - b)
      print({
        name: `${name}${what}${clock === 'wall' ? '' : ', time of the processors'}`,
        value,
        unit: 'ms',
        peer: median(clocks.map(({ without_ms }) => without_ms)),
        ratio: median(ratios),
        spread: [ratios[0]!, ratios[ratios.length - 1]!],
      })
    }
    tell('', median(clocks.map(({ with_ms }) => with_ms)), clocks.map(({ ratio }) => ratio)) // prettier-ignore
    tell(': only read', median(clocks.map(({ read_ms }) => read_ms)), clocks.map(({ read_ratio }) => read_ratio)) // prettier-ignore
  }
}
