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

/** Where the parts of a report lie: first loss, accuracy and half the squared norm of the whole gradient. */
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

const rooted = (values: Float32Array): Float32Array => values.map((half) => Math.sqrt(2 * half))

/** A report as numbers. @param isMeasured Whether it holds more than the first three. */
export function readMeasures(report: Float32Array, layout: ReportLayout, isMeasured: boolean): Measures {
  const { norms, activations, weights } = layout.options
  let at = FIXED
  const take = (wanted: boolean, length: number): Float32Array | undefined => {
    if (!isMeasured || !wanted) return undefined
    at += length
    return rooted(report.subarray(at - length, at))
  }
  const gradients = take(norms, layout.boundaries)
  const values = take(activations, layout.boundaries)
  const before = take(weights, layout.units)
  // A step that updates nothing ends here.
  const hasUpdates = before !== undefined && report.length >= at + layout.units
  const changes = hasUpdates ? take(true, layout.units) : undefined
  const finite = report.subarray(0, hasUpdates ? at - layout.units : at).every(Number.isFinite)
  return {
    loss: report[LOSS]!,
    accuracy: report[ACCURACY]!,
    gradientNorm: Math.sqrt(2 * report[GRADIENT]!),
    norms: gradients ?? new Float32Array(0),
    ...(values && { activations: values }),
    ...(before && { weights: before }),
    ...(changes && finite && { updates: changes.map((change, unit) => change / before![unit]!) }),
    finite,
  }
}

/** Half the squared norm of each unit's own parameters within a vector in their layout; units without any have 0. */
export function unitNorms(g: TensorGraph, network: ExpandedNetwork, layout: Layout, vector: Tensor): Tensor {
  const none = g.constant(0)
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
