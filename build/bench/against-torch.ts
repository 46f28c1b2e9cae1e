import { alternate, compare, json, median, ours, print } from './figures'
import type { TorchEnvironment } from './torch'

/** Step and memory beside the peer program's: a ratio below 1 is in NormLab's favour. */
const CASES = [
  { blocks: 3, batch: 32, steps: 20 },
  { blocks: 18, batch: 32, steps: 8 },
  { blocks: 111, batch: 8, steps: 4 },
]

/** @param wanted Whether a figure of that name is asked for. @param peerFile The peer program. */
export async function againstTorch(
  rounds: number,
  wanted: (name: string) => boolean,
  torch: () => Promise<TorchEnvironment>,
  peerFile: string,
): Promise<void> {
  for (const { blocks, batch, steps } of CASES) {
    const label = `blocks=${blocks},batch=${batch}`
    if (!wanted(`step ${label}`) && !wanted(`memory ${label}`) && !wanted(`first ${label}`)) continue
    const { python, env } = await torch()
    const options = ['--blocks', `${blocks}`, '--batch', `${batch}`, '--steps', `${steps}`, '--instrumented']
    const pairs = await alternate(
      rounds,
      () => ours(`proc-resnet:blocks=${blocks}`, batch, steps),
      () => json(python, [peerFile, ...options], env),
    )
    compare(`step with all norms, ${label}`, 'ms', pairs, ({ ms_median }) => ms_median)
    compare(`peak memory, ${label}`, 'MB', pairs, ({ rss_mb }) => rss_mb)
    if (blocks === 111)
      print({
        name: `compile and first step, ${9 * blocks + 4} layers`,
        value: median(pairs.map(([a]) => a.ms_first)),
        unit: 'ms',
      })
  }
}
