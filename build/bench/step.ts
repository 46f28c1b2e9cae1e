import { expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'

/**
 * Times the training step of one network in a process of its own and prints one JSON object; times in milliseconds.
 *   tsx build/bench/step.ts PRESET BATCH STEPS [bare] [project] [recompute=K]
 * Like the peer program: random images, three steps to warm up, SGD with momentum 0.9 and weight decay 1e-4.
 */
const [preset, batchText, stepsText, ...words] = process.argv.slice(2) as [string, string, string, ...string[]]
const batch = Number(batchText)
const warmUp = 3

const began = performance.now()
const network = expand(networkFromPreset(preset))
const session = new NetworkSession(network, {
  batch,
  optimiser: { momentum: 0.9, nesterov: false, weightDecay: 1e-4 },
  projection: { layers: words.includes('project') ? 'transitions' : 'none', method: 'svd' },
  norms: !words.includes('bare'),
  recompute: Number(words.find((word) => word.startsWith('recompute='))?.slice(10) ?? 0),
})
session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 0))
const random = new Random(0)
const pixels = network.layers[network.input]!.shape.reduce((product, side) => product * side, 1)
const images = Float32Array.from({ length: batch * pixels }, () => random.normal())
const labels = Int32Array.from({ length: batch }, () => random.integer(10))
let firstMs = 0
const times: number[] = []
let norms = 0
for (let step = 0; step < warmUp + Number(stepsText); step++) {
  const start = performance.now()
  norms = session.step({ images, labels }, 0.01).norms.length
  session.project()
  times.push(performance.now() - start)
  if (step === 0) firstMs = performance.now() - began
}
session.close()
const kept = times.slice(warmUp).sort((a, b) => a - b)
process.stdout.write(
  `${JSON.stringify({
    ms_median: kept[Math.floor(kept.length / 2)],
    ms_min: kept[0],
    /** Expansion, compilation and the first step, from a started process. */
    ms_first: firstMs,
    norms,
    nodes: session.graph.nodes.length,
    rss_mb: process.resourceUsage().maxRSS / 1024,
  })}\n`,
)
