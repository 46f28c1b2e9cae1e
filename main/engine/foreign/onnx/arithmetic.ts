import { isDeepStrictEqual } from 'node:util'
import type { ForeignLayer } from '../../../../shared/architecture/foreign/layer'
import { shapeOf } from '../../../../shared/architecture/foreign/shapes'
import type { OnnxNode } from '../../../formats/onnx/model'
import { scaledProducts } from './attention'
import { timesChannels } from './channel-factors'
import { sameAxes, single } from './axes'
import type { Converter } from './converter'
import type { Operator, Outcome } from './operator'
import { axesInFile } from './ranks'
import { affine } from './norms'
import { onceForAll, position, torch } from './tokens'
import { times, viewed, wholeOf, type WholeView } from './views'

/** Sums and products of values, and of a value with a constant. */

export const add: Operator = (node, c) => {
  if (node.inputs.some((name) => 'products' in c.value(name))) return { why: 'it masks an attention' }
  return withOne(node, c, 'shift') ?? c.layer(node, 'add', {}, node.inputs)
}

/** A value with a constant: one number is learned here, and more are not known. */
function withOne(node: OnnxNode, c: Converter, kind: 'scale' | 'shift'): Outcome | undefined {
  const at = node.inputs.findIndex((name) => c.constant(name))
  if (at < 0) return undefined
  const constant = c.constant(node.inputs[at])!
  const other = c.value(node.inputs[1 - at])
  const normed = node.inputs.length === 2 ? affine(c, node.inputs[1 - at]!, constant, kind) : undefined
  if (normed) return normed
  if (kind === 'shift' && constant.length !== 1 && node.inputs.length === 2) {
    const view = c.viewOf(other)
    const added = position(c, node.name, view, view ? onceForAll(c, view, constant) : constant)
    if (added) return added
  }
  if (kind === 'scale' && constant.length === 1 && node.inputs.length === 2) {
    if ('products' in other) return scaledProducts(c, other.products, constant)
    if ('layer' in other && other.axes) return times(c, { ...other, axes: other.axes }, constant)
  }
  const multiplied = kind === 'scale' && node.inputs.length === 2 ? timesChannels(c, node.inputs[1 - at]!, constant) : undefined
  if (multiplied) return multiplied
  if (constant.length !== 1 || node.inputs.length !== 2)
    return { why: kind === 'shift' ? 'it adds a constant' : 'it multiplies by a constant' }
  return c.layer(node, kind, {}, [node.inputs[1 - at]], { [kind]: { ...torch(constant), shape: [1] } })
}

/** What a value times an activation of its own is. */
const SWISHES: ReadonlyMap<string | undefined, string> = new Map([
  ['sigmoid', 'swish'],
  ['hard-sigmoid', 'hard-swish'],
])
const kindOf = (c: Converter, name: string | undefined): string | undefined => {
  const value = c.value(name)
  return 'layer' in value ? c.list.layers[value.layer]!.kind : undefined
}

/** x·σ(x) is a swish. */
export const multiply: Operator = (node, c) => swished(node, c) ?? withOne(node, c, 'scale') ?? product(node, c)

/** A value times its own sigmoid, which is then no layer by itself unless something else takes it too. */
function swished(node: OnnxNode, c: Converter): Outcome | undefined {
  const gate = node.inputs.find((name, at) => {
    const [made, entered] = [c.value(name), c.value(c.maker(name)?.inputs[0])]
    if (!SWISHES.has(kindOf(c, name)) || !('layer' in made) || !('layer' in entered)) return false
    // What only passes a sigmoid on, or takes a part of it, is entered by the sigmoid itself.
    return entered.layer !== made.layer && isDeepStrictEqual(entered, c.value(node.inputs[1 - at]))
  })
  const value = c.value(gate)
  if (node.inputs.length !== 2 || !('layer' in value)) return undefined
  c.list.spare(value.layer)
  // On what the sigmoid is on, which may be a layer that was put there for it.
  const { inputs } = c.list.layers[value.layer]!
  const kind = SWISHES.get(kindOf(c, gate))!
  return { ...value, layer: c.list.add({ name: node.name, kind, attributes: {}, inputs }) }
}

/** Of two values: axis by axis one has what the other has, or a single entry, which weighs all of that. */
function product(node: OnnxNode, c: Converter): Outcome {
  if (node.inputs.length !== 2) return { why: 'it multiplies more than two values' }
  const factors = node.inputs.map((name) => factorOf(c, name))
  const odd = factors.find((factor) => 'why' in factor)
  if (odd) return odd
  const [a, b] = factors as [FactorView, FactorView]
  const [value, weight] = weighs(b, a) ? [a, b] : [b, a]
  const isFitting =
    weighs(weight, value) &&
    shapeOf(
      multiplied([0, 1]),
      [value, weight].map(({ layer }) => c.list.shape(layer)),
    )
  if (!isFitting) return { why: 'it multiplies two values of different axes' }
  const layer = c.list.add({ ...multiplied([value.layer, weight.layer]), name: node.name })
  return value.isPlain ? { layer } : viewed(c, { layer, axes: value.axes })
}

interface FactorView extends WholeView {
  /** Whether it is in the axes that layers here have. */
  readonly isPlain: boolean
}

const multiplied = (inputs: readonly number[]): ForeignLayer => ({ name: '', kind: 'multiply', attributes: {}, inputs })

function factorOf(c: Converter, name: string): FactorView | { readonly why: string } {
  const value = c.value(name)
  if ('why' in value) return value
  const [view, axes] = [c.view(name), axesInFile(c, name)]
  if ('products' in value || !view || !axes) return { why: 'it multiplies two values' }
  const whole = wholeOf(c, view)
  return 'why' in whole ? whole : { layer: whole.layer, axes: 'axes' in value ? whole.axes : axes, isPlain: !('axes' in value) }
}

/** Whether one has of each axis of the other all, or one entry. */
const weighs = (weight: WholeView, value: WholeView): boolean =>
  weight.axes.length === value.axes.length &&
  weight.axes.every((axis, at) => axis.length === 0 || sameAxes([axis], [value.axes[at]!]))

/** By a number, which is a product with one over it. */
export const divide: Operator = (node, c) => {
  const constant = c.constant(node.inputs[1])
  const by = constant?.length === 1 && constant.isNoNumber !== true ? (constant.integers() ?? constant.floats())[0] : undefined
  if (!constant || !by || !Number.isFinite(1 / by)) return { why: 'it divides by something other than a number' }
  const other = c.value(node.inputs[0])
  const inverse = { ...c.filled(1, 1 / by), isTold: true }
  if ('products' in other) return scaledProducts(c, other.products, inverse)
  if ('layer' in other && other.axes) return times(c, { ...other, axes: other.axes }, inverse)
  return c.layer(node, 'scale', { value: single(1 / by), learned: false }, [node.inputs[0]])
}
