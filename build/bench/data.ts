import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundle } from '../bundle'
import type { DataTimes } from './data-step'
import { median, print, program } from './figures'
import { importNoise } from './noise-set'

const BATCH = 128
/** Of 20 layers with the published widths, and one whose step is over ten times as quick. */
const NETS = ['resnet:blocks=3,widths=16/32/64', 'resnet:blocks=1,widths=4/8/16']

/** Whether training waits for images of 32×32 at batch 128 with flip and crop, and what it costs that they are prepared. */
export async function data(rounds: number, wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('data')) return
  await bundle(path.resolve(__dirname, '../..'), ['commands'])
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-bench-'))
  try {
    await importNoise(home)
    for (const net of NETS) tell(net, await program<DataTimes>('data-step', net, `${BATCH}`, `${rounds}`, home))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function tell(net: string, { constant, ahead, inStep, waitedAhead, waitedInStep, imagesPerSecond }: DataTimes): void {
  const against = (how: string, times: readonly number[]): void => {
    const ratios = times.map((ms, round) => ms / constant[round]!).sort((a, b) => a - b)
    print({
      name: `data: step with batches ${how} over one constant batch, ${net},batch=${BATCH}`,
      ...{ value: median(times), unit: 'ms', peer: median(constant), ratio: median(ratios) },
      spread: [ratios[0]!, ratios[ratios.length - 1]!],
    })
  }
  const share = (how: string, shares: readonly number[]): void =>
    print({
      name: `data: share of the step waited, batches ${how}, ${net}`,
      value: 100 * median(shares),
      unit: '%',
      spread: range(shares),
    })
  against('prepared ahead', ahead)
  against('filled in the step', inStep)
  share('prepared ahead', waitedAhead)
  share('filled in the step', waitedInStep)
  print({
    name: 'data: filling, one thread alone',
    value: median(imagesPerSecond),
    unit: 'images/s',
    spread: range(imagesPerSecond, 1),
  })
}

/** Least and greatest, in per cent where they are shares. */
const range = (values: readonly number[], factor = 100): readonly [number, number] => [
  factor * Math.min(...values),
  factor * Math.max(...values),
]
