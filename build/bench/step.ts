import { OPTIMISER_NAMES } from '../../shared/optimisers'
import { openStep } from './open-step'

/**
 * Times the training step of one network in a process of its own and prints one JSON object; times in milliseconds.
 *   tsx build/bench/step.ts PRESET BATCH STEPS [bare] [project] [recompute=K] [muon|soap]
 * Like the peer program: random images, three steps to warm up.
 */
const [preset, batch, steps, ...words] = process.argv.slice(2) as [string, string, string, ...string[]]
const optimiser = OPTIMISER_NAMES.find((name) => words.includes(name))
const warmUp = 3

const began = performance.now()
const { session, step } = openStep(preset, Number(batch), {
  projection: { layers: words.includes('project') ? 'transitions' : 'none', method: 'svd' },
  measures: { norms: !words.includes('bare') },
  ...(optimiser && { optimiser: { momentum: 0.9, nesterov: true, weightDecay: 1e-4, optimiser } }),
  recompute: Number(words.find((word) => word.startsWith('recompute='))?.slice(10) ?? 0),
})
let firstMs = 0
const times: number[] = []
let norms = 0
for (let i = 0; i < warmUp + Number(steps); i++) {
  const start = performance.now()
  norms = step()
  times.push(performance.now() - start)
  if (i === 0) firstMs = performance.now() - began
}
session.close()
const kept = times.slice(warmUp).sort((a, b) => a - b)
process.stdout.write(
  `${JSON.stringify({
    ms_median: kept[Math.floor(kept.length / 2)],
    ms_min: kept[0],
    /** What a step costs where not all do the same: SOAP’s bases are turned on every tenth. */
    ms_mean: kept.reduce((sum, ms) => sum + ms, 0) / kept.length,
    ms_max: kept[kept.length - 1],
    /** Expansion, compilation and the first step, from a started process. */
    ms_first: firstMs,
    norms,
    nodes: session.graph.nodes.length,
    rss_mb: process.resourceUsage().maxRSS / 1024,
  })}\n`,
)
