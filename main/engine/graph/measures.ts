import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import type { Layout } from './layout'
import { DATA_TYPE } from './node'
import type { TensorGraph } from './tensor-graph'

/** Which norms a measured step reports beside loss, accuracy and the whole gradient's. */
export interface MeasureOptions {
  /** Of the gradient at each boundary. */
  readonly norms: boolean
  /** Of the value at each boundary. */
  readonly activations: boolean
  /** Of each unit's parameters before the step, and of what the update adds to them. */
  readonly weights: boolean
}

/** Where the parts of a report lie: first loss, accuracy and the norm of the whole gradient. */
export interface ReportLayout {
  readonly boundaries: number
  readonly units: number
  readonly options: MeasureOptions
}

/** What one forward and backward pass measured. */
export interface Measures {
  /** Mean cross-entropy, nats. */
  readonly loss: number
  /** Share classified right, 0–1. */
  readonly accuracy: number
  /** ‖dE/dθ‖₂ over all parameters, before clipping. */
  readonly gradientNorm: number
  /** ‖dE/dx_l‖₂ at each boundary, forward order; empty where not measured. */
  readonly norms: Float32Array
  /** ‖x_l‖₂ at each boundary, where measured. */
  readonly activations?: Float32Array
  /** ‖w‖₂ of each unit's parameters before the update, where measured. */
  readonly weights?: Float32Array
  /** ‖Δw‖₂/‖w‖₂ of each unit in this update, where measured. */
  readonly updates?: Float32Array
  /** False where any of these is not finite; then a step has updated nothing. */
  readonly finite: boolean
}

/** The order of a report's first entries. */
const LOSS = 0
const ACCURACY = 1
const GRADIENT = 2
const FIXED = 3

/**
 * A report as numbers. What a step reports ends with 1 where it has updated, else 0, and with how far it moved each unit.
 * @param isMeasured Whether it holds more than the first three.
 */
export function readMeasures(
  report: Float32Array,
  layout: ReportLayout,
  isMeasured: boolean,
): { measures: Measures; updated: boolean } {
  const { norms, activations, weights } = layout.options
  let at = FIXED
  const take = (wanted: boolean, length: number): Float32Array | undefined => {
    if (!isMeasured || !wanted) return undefined
    at += length
    return report.slice(at - length, at)
  }
  const gradients = take(norms, layout.boundaries)
  const values = take(activations, layout.boundaries)
  const before = take(weights, layout.units)
  const finite = report.subarray(0, at).every(Number.isFinite)
  // What only measures ends here.
  const updated = report[at++] === 1
  const changes = updated && before ? take(true, layout.units) : undefined
  const measures = {
    loss: report[LOSS]!,
    accuracy: report[ACCURACY]!,
    gradientNorm: report[GRADIENT]!,
    norms: gradients ?? new Float32Array(0),
    ...(values && { activations: values }),
    ...(before && { weights: before }),
    ...(changes && { updates: changes.map((change, unit) => change / before![unit]!) }),
    finite,
  }
  return { measures, updated }
}

/** Half the squared norm of each unit's own parameters within a vector in their layout, in double; units without any have 0. */
export function unitNorms(g: TensorGraph, network: ExpandedNetwork, layout: Layout, vector: Tensor): Tensor {
  // A pack of nothing has no type.
  if (network.units.length === 0) return g.constant([], [0], 'double')
  const none = g.constant(0, [], 'double')
  // The slots of a unit lie behind one another, as its layers do.
  const norms = network.units.map(({ layers }) => {
    const own = new Set(layers)
    const slots = layout.slots.filter(({ layer }) => own.has(layer))
    if (slots.length === 0) return none
    const [first, last] = [slots[0]!, slots[slots.length - 1]!]
    const length = last.offset + last.length - first.offset
    const attributes = { T: { type: DATA_TYPE.float }, Index: { type: DATA_TYPE.int32 } }
    const piece = g.tensor('Slice', [vector, g.integers([first.offset]), g.integers([length])], [length], attributes)
    return g.halfSquaredNorm(piece)
  })
  return g.pack(norms)
}

/** Loss, accuracy and norms as one vector in single precision. @param parts Halves of squared norms, in double. */
export function reportOf(
  g: TensorGraph,
  { counts, gradient }: { readonly counts: Tensor; readonly gradient: Tensor },
  parts: readonly Tensor[],
): Tensor {
  const halves = g.concatenate([g.pack([gradient]), ...parts.filter(({ shape }) => shape[0] !== 0)], 0, [-1])
  return g.concatenate([counts, g.normsOfHalves(halves)], 0, [-1])
}

/** Half the squared norm of each tensor, in double; 0 where there is none, as of a value that the loss does not feel. */
export function halves(g: TensorGraph, tensors: readonly (Tensor | undefined)[]): Tensor {
  if (tensors.length === 0) return g.constant([], [0], 'double')
  return g.pack(tensors.map((tensor) => (tensor ? g.halfSquaredNorm(tensor) : g.constant(0, [], 'double'))))
}

/** Half a squared norm below this has lost squares to the bottom of single precision's range (1e-38), for tensors of up to 1e8 entries. */
const LEAST_NARROW = 1e-24

/** The same from single precision. @returns besides, of each tensor, whether that held its norm. */
export function narrowHalves(g: TensorGraph, tensors: readonly (Tensor | undefined)[]): { halves: Tensor; inRange: Tensor } {
  const made = tensors.map((tensor) => (tensor ? g.narrowHalfSquaredNorm(tensor) : undefined))
  const felt = made.filter((half) => half !== undefined)
  const inRange = g.tensor(
    'GreaterEqual',
    [g.pack(felt), g.constant(LEAST_NARROW)],
    [felt.length],
    { T: { type: DATA_TYPE.float } },
    'bool',
  )
  return { halves: g.cast(g.pack(made.map((half) => half ?? g.constant(0))), 'double'), inRange }
}
