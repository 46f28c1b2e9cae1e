import { expand, networkFromPreset } from '../../shared/architecture'
import { layerOperators } from '../../shared/spectra/layer-operators'
import { parameterLayout } from '../../main/engine/graph/layout'
import { operatorSpectra, type SurveyedOperator } from '../../main/engine/spectra/survey'
import { initialParameters } from '../../main/engine/training/initialise'

/**
 * Times the circular spectra of a network's convolutions in a process of its own, graphs and sessions in them, and prints one JSON object.
 *   tsx build/bench/spectra-step.ts PRESET THREADS [wide]
 * With `wide` without the 1×1 convolutions.
 */
const [preset, threads, word] = process.argv.slice(2) as [string, string, string | undefined]
const network = expand(networkFromPreset(preset))
const layout = parameterLayout(network)
const parameters = initialParameters(network, layout, 'he-fan-in', 1)
const slots = new Map(layout.slots.map((slot) => [slot.name, slot]))
const operators = layerOperators(network).flatMap((layer): SurveyedOperator[] => {
  if (layer.kind !== 'convolution' || (word === 'wide' && layer.shape[0] === 1)) return []
  const { offset, length } = slots.get(layer.parameter)!
  return [{ layer, acts: 'circular', values: parameters.slice(offset, offset + length) }]
})
const began = performance.now()
const { spectra } = operatorSpectra(operators, { threads: Number(threads), withBound: false, cache: undefined }, () => undefined)
const ms = performance.now() - began
const values = spectra.reduce((sum, { found }) => sum + found!.values.length * found!.times, 0)
process.stdout.write(
  `${JSON.stringify({
    ms,
    rss_mb: process.resourceUsage().maxRSS / 1024,
    convolutions: operators.length,
    values,
  })}\n`,
)
