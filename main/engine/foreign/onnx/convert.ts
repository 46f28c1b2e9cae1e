import { UserError } from '../../../../shared/errors'
import { plainText } from '../../../../shared/run-labels'
import type { Constant, OnnxModel, OnnxNode } from '../../../formats/onnx/model'
import type { ForeignNetwork } from '../network'
import { sizeOf } from './axes'
import { Converter, type Value, type View } from './converter'
import type { Outcome } from './operator'
import { operators } from './operators'
import { joined } from './patterns'
import { sourceOf } from './constants'
import { axesInFile, isOfFeatures } from './ranks'
import { split } from './reshaping'
import { workedOut } from './worked-out'
import { viewed } from './views'

/** Sides of images where the file leaves them open, as most networks for photographs take them. */
const OPEN_SIDE = 224

/**
 * An ONNX network in layers of ours. What there is no layer for stands among them by its operator's name.
 *
 * @param called What messages call the file.
 * @throws UserError where no image enters, or nothing leaves.
 */
export function convertOnnx(written: OnnxModel, name: string, called: string): ForeignNetwork {
  const model = joined(written)
  const c = new Converter(model, called)
  const fault = (problem: string, remedy: string): UserError => new UserError(problem, { place: called, remedy })
  const [input, ...others] = model.inputs
  if (!input || others.length > 0)
    throw fault(
      `${model.inputs.length} values enter the network, and networks here take one batch of images`,
      'export one with a single input',
    )
  c.set(input.name, {
    layer: c.list.add({ name: input.name, kind: 'input', attributes: inputOf(input.dims, c, fault), inputs: [] }),
  })
  const needed = neededNodes(model)
  const last = lastNode(model)
  for (const node of model.nodes) if (needed.has(node)) take(node, c, node === last)
  for (const sentence of model.approximated ?? sharedKernels([...needed], model, c)) c.list.say('approximated', sentence)
  const unneeded = model.nodes.length - needed.size
  if (unneeded > 0)
    c.list.say('left', `${unneeded} ${unneeded === 1 ? 'node' : 'nodes'} that the first output does not depend on`)

  const output = model.outputs[0] ?? ''
  const value = c.value(output)
  if ('why' in value) throw fault(`its output "${output}" does not depend on the images`, 'export the network again')
  c.list.add({ name: 'loss', kind: 'softmax-cross-entropy', attributes: {}, inputs: [c.layerOf(value)] })
  const { unsupported } = c.list
  const { layers, tensors } = c.list.kept()
  return {
    ...{ format: 'ONNX', producer: model.producer, name, layers, tensors, unsupported },
    ...{ approximated: c.list.told('approximated'), left: c.list.told('left') },
  }
}

/** Operators without a layer here that leave what enters in its shape. */
const KEEPING = new Set([
  'HardSigmoid',
  'Softplus',
  'Softsign',
  'Mish',
  'PRelu',
  'Selu',
  'Celu',
  'ThresholdedRelu',
  'Exp',
  'Log',
  'Neg',
  'Erf',
  'Sin',
  'Cos',
])

/** What leaves a node that we do not know has the shape of what entered, where that was seen. */
function asBefore(node: OnnxNode, c: Converter, inputs: readonly Outcome[], places: readonly number[], unknown: number): View {
  const at = KEEPING.has(node.op)
    ? 0
    : inputs.findIndex(
        (value) => 'layer' in value && node.shape && c.viewOf(value)?.axes.map(sizeOf).join() === node.shape.join(),
      )
  const view = at < 0 ? undefined : c.viewOf(inputs[at]!)
  if (!view || view.from) return { layer: unknown }
  c.list.assume(unknown, c.list.shape(places[at]!))
  return viewed(c, { layer: unknown, axes: view.axes })
}

function inputOf(
  dims: readonly (number | null)[],
  c: Converter,
  fault: (problem: string, remedy: string) => UserError,
): Record<string, number> {
  if (dims.length !== 4)
    throw fault(
      `what enters has ${dims.length} axes, and images have four: batch, channels, height, width`,
      'export a network of images',
    )
  const [, channels, height, width] = dims as [number | null, number | null, number | null, number | null]
  if (channels === null) throw fault('the number of channels that enter is not fixed', 'export the network with an example image')
  if (height === null || width === null)
    c.list.say(
      'approximated',
      `the sides of the images are open in the file and were taken as ${OPEN_SIDE}; set them at the input`,
    )
  return { height: height ?? OPEN_SIDE, width: width ?? OPEN_SIDE, channels }
}

/** Which input of these is a kernel. Exporters keep other weights of equal numbers as one too, whether or not they were. */
const KERNELS: ReadonlyMap<string, number> = new Map([
  ['Conv', 1],
  ['Gemm', 1],
  ['MatMul', 1],
])

/** Kernels that several nodes have, as they are or in other axes; parts of one, such as of packed queries, keys and values, are kernels of their own. */
function sharedKernels(nodes: readonly OnnxNode[], { constants }: OnnxModel, c: Converter): string[] {
  const names = new Map([...constants].map(([name, tensor]) => [tensor, name]))
  const users = new Map<Constant, Map<string, { readonly name: string; count: number }>>()
  for (const { op, inputs } of nodes) {
    const name = inputs[KERNELS.get(op) ?? -1]
    const kernel = c.constant(name)
    if (!kernel) continue
    const { root, part } = sourceOf(kernel)
    const parts = users.get(root) ?? new Map<string, { readonly name: string; count: number }>()
    const known = parts.get(part) ?? { name: names.get(root) ?? name!, count: 0 }
    known.count++
    users.set(root, parts.set(part, known))
  }
  return [...users.values()].flatMap((parts) =>
    [...parts.values()].flatMap(({ name, count }) =>
      count > 1 ? [`${plainText(name, 80)}: one for ${count} layers in the file, and each of those learns its own here`] : [],
    ),
  )
}

/** The nodes on which the first output depends. */
function neededNodes({ nodes, outputs }: OnnxModel): Set<OnnxNode> {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const needed = new Set<OnnxNode>()
  const waiting = [outputs[0] ?? '']
  while (waiting.length > 0) {
    const node = makers.get(waiting.pop()!)
    if (!node || needed.has(node)) continue
    needed.add(node)
    waiting.push(...node.inputs)
  }
  return needed
}

/** What does not change the numbers that leave the network. */
const PASSING = new Set(['Identity', 'Cast', 'Flatten', 'Squeeze'])

/** The last node that makes the first output's numbers. */
function lastNode({ nodes, outputs }: OnnxModel): OnnxNode | undefined {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  let last = makers.get(outputs[0] ?? '')
  // Nothing in a damaged file keeps it from going around in a circle.
  for (let steps = 0; last && last.why === undefined && PASSING.has(last.op) && steps < nodes.length; steps++)
    last = makers.get(last.inputs[0] ?? '')
  return last
}

const toldOf = (tensor: Constant): Constant => ({
  ...{ dims: tensor.dims, length: tensor.length, isTold: true },
  ...(tensor.isNoNumber !== undefined && { isNoNumber: tensor.isNoNumber }),
  floats: () => tensor.floats(),
  integers: () => tensor.integers(),
})

/** What a Constant says without a tensor: one number or several, whole ones or others. */
function numberOf({ attributes }: OnnxNode): Constant | undefined {
  const whole = attributes.ints('value_ints') ?? (attributes.has('value_int') ? [attributes.int('value_int', 0)] : undefined)
  const several = attributes.floats('value_floats')
  const values = whole ?? several ?? (attributes.has('value_float') ? [attributes.float('value_float', 0)] : undefined)
  if (!values) return undefined
  const dims = attributes.has('value_ints') || several ? [values.length] : []
  const integers = (): number[] | undefined => (whole && whole.length <= 64 ? [...whole] : undefined)
  return { dims, length: values.length, floats: () => Float32Array.from(values), integers }
}

/** @param isLast Whether it is what leaves the network. */
function take(node: OnnxNode, c: Converter, isLast: boolean): void {
  const [first] = node.outputs
  if (first === undefined) return
  if (node.left !== undefined) c.list.say('left', node.left)
  // What whoever made it could not say is none of ONNX's operators, even where it is called like one.
  if (node.why !== undefined) return list(node, c, node.why)
  if (node.op === 'Constant') {
    const tensor = node.attributes.tensor('value') ?? numberOf(node)
    if (tensor) c.setConstant(first, toldOf(tensor))
    return
  }
  const made = workedOut(node, c)
  if (made) return node.outputs.forEach((name, at) => made[at] && c.setConstant(name, made[at]))
  // Sides that are not known are told by whoever needs them.
  if (node.op === 'Shape' || node.op === 'Size') return
  if (c.isTaken(node)) {
    const from = node.inputs.map((name) => c.value(name)).find((value) => !('why' in value))
    if (from && !('why' in from)) c.set(first, from)
    return
  }
  if (isLast && (node.op === 'Softmax' || node.op === 'LogSoftmax')) {
    const value = c.value(node.inputs[0])
    // Of an image it is a softmax of each pixel, and of another axis than the features one of other things, which is no loss's.
    const axes = axesInFile(c, node.inputs[0])
    const isLoss = axes ? isOfFeatures(axes, node.attributes.int('axis', c.axisOfSoftmax)) : !hasPixels(c, node.inputs[0])
    if (!('why' in value) && isLoss) {
      c.list.say('left', `the ${node.op} at the end, which the loss has in it`)
      return c.set(first, value)
    }
  }
  const outcome = outcomeOf(node, c)
  if ('each' in outcome) return outcome.each.forEach((part, at) => c.set(node.outputs[at]!, part, node.name))
  if (!('why' in outcome)) {
    const why = node.shape && c.whyNotOf(outcome, node.shape)
    return c.set(first, why ? { layer: c.list.addUnknown(node.name, node.op, why, [c.layerOf(outcome)]) } : outcome, node.name)
  }
  list(node, c, outcome.why)
}

/** A node that there is no layer for. */
function list(node: OnnxNode, c: Converter, why: string): void {
  const inputs = node.inputs.filter((name) => c.known(name)).map((name) => c.value(name))
  // What is worked out of constants alone is told by whoever needs it.
  if (inputs.length === 0) return
  const places = inputs.flatMap((value) => ('why' in value ? [] : [c.layerOf(value)]))
  const unknown = c.list.addUnknown(node.name, node.op, why, places)
  const value = asBefore(node, c, inputs, places, unknown)
  for (const name of node.outputs) c.set(name, value)
}

const hasPixels = (c: Converter, name: string | undefined): boolean => c.sides(name)?.some((side) => side > 1) === true

/** What leaves a node, or each of its outputs. */
function outcomeOf(node: OnnxNode, c: Converter): Outcome | { readonly each: readonly Value[] } {
  if (node.op === 'Split') return split(node, c)
  const operator = operators.get(node.op)
  return operator ? operator(node, c) : { why: 'there is no such layer here' }
}
