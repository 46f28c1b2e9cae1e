import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openStep } from './open-step'
import { costs } from './trace'

/**
 * Where the time of one training step goes, as one JSON object: the machine's limits beside it.
 *   tsx build/bench/profile.ts PRESET BATCH
 */
const [preset, batchText] = process.argv.slice(2) as [string, string]
const { session, step, flops } = openStep(preset, Number(batchText), {})
const folder = mkdtempSync(path.join(os.tmpdir(), 'normlab-trace-'))
try {
  for (let warm = 0; warm < 4; warm++) step()
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    step()
    return performance.now() - began
  }).sort((a, b) => a - b)
  const file = path.join(folder, 'trace.pb')
  process.env['NORMLAB_TRACE'] = file
  const began = performance.now()
  step()
  const tracedMs = performance.now() - began
  delete process.env['NORMLAB_TRACE']
  process.stdout.write(
    `${JSON.stringify({ ms: times[2], traced_ms: tracedMs, flops, operations: costs(readFileSync(file), session.graph.nodes) })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
  session.close()
}
