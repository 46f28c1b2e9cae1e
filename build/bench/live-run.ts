import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLab } from '../../main/lab'

/**
 * tsx live-run.ts PRESET BATCH STEPS [SHARE]: trains on shapes10 as the lab does, with a look at all spectra as often as the workers keep up
 * where a share is given, and prints what a step took by the clock once it is warm.
 */

/** Steps before the clock counts. */
const WARM = 10

async function main(): Promise<void> {
  const [preset, batch, steps, share] = process.argv.slice(2)
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-live-'))
  const lab = createLab({ home, hostPath: path.resolve(__dirname, '../../out/main/engine/host.js') })
  try {
    const { id } = await lab.request('runs.start', {
      network: preset!,
      data: { name: 'shapes10', train: 640, test: 32 },
      training: {
        ...{ batch: Number(batch), epochs: 1000, steps: Number(steps), rate: 0.01 },
        evaluation: { every: 0, last: false },
        checkpoint: { epochs: 0 },
        ...(share !== undefined && { spectra: { every: 1, share: Number(share) } }),
      },
    })
    await new Promise<void>((resolve) => {
      lab.subscribe('runs.changes', {}, ({ runs }) => {
        if (runs.some((run) => run.id === id && run.progress.phase === 'ended')) resolve()
      })
    })
    const { state, problem } = await lab.request('runs.show', { run: id })
    if (state !== 'done') throw new Error(`${state}: ${problem?.message ?? ''}`)
    const { at } = await lab.request('runs.curves', { run: id })
    const { records, taken } = await lab.request('runs.spectra', { run: id })
    // The last one has the processor to itself.
    const during = records.slice(0, -1)
    process.stdout.write(
      `${JSON.stringify({
        ms: (at[at.length - 1]! - at[WARM]!) / (at.length - 1 - WARM),
        ...{ looks: during.length, taken },
        cpuMs: during.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      })}\n`,
    )
  } finally {
    await lab.close()
    rmSync(home, { recursive: true, force: true })
  }
}

void main()
