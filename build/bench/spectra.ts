import os from 'node:os'
import path from 'node:path'
import { json, median, print, program } from './figures'
import type { TorchEnvironment } from './torch'

interface Timing {
  readonly ms: number
  readonly rss_mb: number
  readonly values: number
}

/** Singular values of all convolutions of proc-resnet-274 at their inputs' sizes, beside the same in NumPy and PyTorch. */
export async function spectra(
  rounds: number,
  wanted: (name: string) => boolean,
  torch: () => Promise<TorchEnvironment>,
): Promise<void> {
  const threads = `${os.cpus().length}`
  for (const [what, words] of [
    ['3×3 convolutions', ['wide']],
    ['all convolutions', []],
  ] as const) {
    const name = `spectra of ${what}, proc-resnet-274`
    if (!wanted(name)) continue
    const { python, env } = await torch()
    const peer = (library: string): Promise<Timing> =>
      json<Timing>(
        python,
        [
          path.join(__dirname, 'spectra_peer.py'),
          library,
          '16,32,64',
          '30',
          ...words.map((word) => `--${word}`),
          '--threads',
          threads,
        ],
        env,
      )
    const measured: { ours: Timing; numpy: Timing; torch: Timing }[] = []
    for (let round = 0; round < rounds; round++)
      measured.push({
        ours: await program<Timing>('spectra-step', 'proc-resnet-274', threads, ...words),
        numpy: await peer('numpy'),
        torch: await peer('torch'),
      })
    for (const other of ['numpy', 'torch'] as const) {
      const ratios = measured.map((one) => one.ours.ms / one[other].ms).sort((a, b) => a - b)
      print({
        name: `${name}, against ${other}`,
        value: median(measured.map(({ ours }) => ours.ms)),
        unit: 'ms',
        peer: median(measured.map((one) => one[other].ms)),
        ratio: median(ratios),
        spread: [ratios[0]!, ratios[ratios.length - 1]!],
      })
    }
    print({ name: `${name}, peak memory`, value: median(measured.map(({ ours }) => ours.rss_mb)), unit: 'MB' })
  }
}
