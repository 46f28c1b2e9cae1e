import { readFileSync, writeFileSync } from 'node:fs'
import { expand, networkFromPreset, trainingMemory } from '../../shared/architecture'
import { openStep } from './open-step'

/**
 * Holds the memory of a step that is told before a run against the process's own peak at two batches, of which the difference is that of the images.
 * Batches in which large values take more than 32 MB each are measured truly: smaller pieces stay with the process when they are free. Linux.
 *   tsx build/bench/memory.ts PRESET BATCH LARGER-BATCH
 */
const [preset, ...batches] = process.argv.slice(2) as [string, string, string]

const [smaller, larger] = batches.map(Number) as [number, number]
// What a larger one leaves behind would be a smaller one’s peak.
const least = peakOf(smaller)
const difference = (peakOf(larger) - least) / (larger - smaller)
const { perImage } = trainingMemory(expand(networkFromPreset(preset)))
process.stdout.write(
  `${JSON.stringify({ measured_mb: difference / 1e6, estimated_mb: perImage / 1e6, ratio: perImage / difference })}\n`,
)

/** Most bytes that the process has during a step after the second. */
function peakOf(batch: number): number {
  const { session, step } = openStep(preset, batch, { threads: 1 })
  step()
  step()
  // Sets the peak that the system keeps back to what there is now.
  writeFileSync('/proc/self/clear_refs', '5')
  step()
  session.close()
  return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1])
}
