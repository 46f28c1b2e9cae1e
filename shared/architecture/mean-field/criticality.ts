import { elements } from '../../ops/op'
import { boundaries, type ExpandedNetwork, type Layer } from '../expand'
import { criticalDeviation, fixedPoint, type FixedPoint } from './critical'
import { criticalActivation } from './critical-activation'
import { kernelVariance } from './kernel-variance'
import type { SignalStart } from './predict'

/** Where layers of a plain network lie beside the critical line. */
export interface Criticality extends FixedPoint {
  /** `tanh` */
  readonly activation: string
  /** Layers that are there. */
  readonly layers: number
  /** σ_w and σ_b. */
  readonly weights: number
  readonly biases: number
  /** σ_w of the critical line at these biases; NaN where there is none. */
  readonly critical: number
}

/**
 * Of each weighted layer whose width stays, that lies between the first boundary and the last, with the activation behind it. Empty where the critical line is not
 * what theory has to say: of networks with skips, norm layers or anything else but weights and an activation, and of kernels that are scaled to unit variance.
 */
export function criticalityOf(network: ExpandedNetwork, start: SignalStart): Criticality[] {
  const places = boundaries(network)
  const [first, last] = [places[0] ?? 0, places[places.length - 1] ?? 0]
  const found = new Map<string, Criticality>()
  if (start.lsuv) return []
  for (let i = first + 1; i <= last; i++) {
    const layer = network.layers[i]!
    if (layer.inputs.length !== 1) return []
    const activation = criticalActivation(layer.op.kind, layer.attributes)
    if (activation) continue
    const weights = weightsOf(layer, start)
    const behind = network.layers[i + 1]
    const next = behind && criticalActivation(behind.op.kind, behind.attributes)
    if (weights === undefined || !next) return []
    if (elements(layer.shape) !== elements(layer.inputShapes[0]!)) continue
    const biases = layer.parameters.some(({ role }) => role === 'bias') ? (start.biasDeviation ?? 0) : 0
    const key = [behind.op.kind, JSON.stringify(behind.attributes), weights.toFixed(6), biases].join(' ')
    const known = found.get(key)
    found.set(
      key,
      known
        ? { ...known, layers: known.layers + 1 }
        : {
            ...{ activation: behind.op.title, layers: 1, weights: Math.sqrt(weights), biases },
            ...fixedPoint(next, weights, biases ** 2),
            critical: criticalDeviation(next, biases ** 2),
          },
    )
  }
  return [...found.values()]
}

/** σ_w²; undefined for a layer of another kind. */
function weightsOf(layer: Layer, { init }: SignalStart): number | undefined {
  const { op, parameters } = layer
  if (op.kind === 'skew-conv2d' || op.kind === 'orthogonal-conv2d') return 1
  if (op.kind !== 'conv2d' && op.kind !== 'dense') return undefined
  const kernel = parameters.find(({ role }) => role === 'kernel')!
  const { variance, isCentral } = kernelVariance(layer, kernel, init)
  const seen = kernel.shape.slice(isCentral ? 2 : 0, -1)
  return variance * elements(seen)
}

/** χ this near to 1 counts as on the line. */
const NEAR = 0.005

/** A sentence a place, with its source. */
export function criticalWords(found: readonly Criticality[]): string[] {
  const figure = (value: number): string => (value < 1e-6 ? '0' : String(Number(value.toPrecision(4))))
  return found.map(({ activation, layers, weights, biases, square, chi, critical }) => {
    const who = `${layers} ${layers === 1 ? 'layer' : 'layers'} with ${activation}, σ_w = ${figure(weights)}, σ_b = ${figure(biases)}`
    const at = Number.isNaN(square)
      ? ', and its mean square stays, whatever it is'
      : Number.isFinite(square)
        ? ` where its mean square stays, at ${figure(square)}`
        : '; its mean square grows without end'
    if (Math.abs(chi - 1) < NEAR) return `${who}: χ = ${figure(chi)}${at}: on the critical line (arXiv 1611.01232).`
    const [side, becomes] = chi < 1 ? ['below', 'shrinks'] : ['above', 'grows']
    const times = weights > 0 ? `: kernels drawn ${figure(critical / weights)} times as large` : ''
    const way = Number.isNaN(critical) ? '' : ` χ = 1 at σ_w = ${figure(critical)}${times}.`
    return `${who}: χ = ${figure(chi)}${at}: ${side} the critical line (arXiv 1611.01232), a gradient’s norm ${becomes} by √χ = ${figure(Math.sqrt(chi))} a layer on its way back.${way}`
  })
}
