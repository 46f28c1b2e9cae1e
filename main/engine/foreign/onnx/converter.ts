import { isActivation } from '../../../../shared/ops'
import { elements } from '../../../../shared/ops/op'
import { newBefore } from '../../../../shared/ops/padding-shortcut'
import type { Constant, OnnxModel, OnnxNode } from '../../../formats/onnx/model'
import { type ForeignTensors, LayerList } from '../network'
import { isNeverBelowZero, type Pads } from '../windows'
import { type Axes, OPEN_BATCH, sameAxes, sizeOf } from './axes'
import { perColumn } from './columns'
import { countReads, filledConstant } from './constants'
import type { Outcome } from './operator'
import { Reads } from './reads'
import { axesOf, isChannels, viewed, wholeOf } from './views'

/**
 * What leaves a layer, perhaps with zeros put around or only every so-manieth pixel of it (along height and width); or in other axes than those of a batch of images, perhaps a part of it that begins
 * there (height, width, channel), and times a number.
 */
export interface View {
  readonly layer: number
  readonly pads?: Pads
  readonly steps?: readonly [number, number]
  readonly axes?: Axes
  readonly from?: readonly [number, number, number]
  readonly factor?: Factor
}

/** A number that a value is multiplied with. */
export interface Factor {
  readonly value: number
  /** Whether it is a tensor of the file, which is learned there; undefined where it is one that may be a number of the program. */
  readonly isLearned: boolean | undefined
}

/** Queries times keys, which attention alone makes something of. */
export interface Products {
  readonly queries: View
  readonly keys: View
  readonly factor: number
  readonly isSoftmax: boolean
  /** Whether keys stand before queries. */
  readonly isTurned: boolean
}

/** What a name of the file stands for: what leaves a layer, or something on the way to one, which is no layer by itself. */
export type Value = View | { readonly products: Products }

/** The first opset whose softmax is of the last axis; before it was of all from the second axis on. */
const SOFTMAX_OF_LAST = 13
const NO_PADS: Pads = [0, 0, 0, 0]
/** Layers that do the same to each value, wherever it stands. */
const isEverywhere = (kind: string): boolean => isActivation(kind) || ['dropout', 'add', 'scale', 'shift'].includes(kind)
/** Layers that put zeros around by themselves. */
const PADDING = new Set(['conv2d', 'depthwise-conv2d', 'average-pool', 'max-pool'])

/** What operators ask of the network around them while it is walked through. */
export class Converter {
  readonly list = new LayerList()
  private readonly values = new Map<string, Value>()
  private readonly constants: Map<string, Constant>
  private readonly reads: Reads
  private readonly users = new Map<string, OnnxNode[]>()
  /** How many take a value of this name, without those that ask for its sides. */
  private readonly takers = new Map<string, number>()
  private readonly makers: ReadonlyMap<string, OnnxNode>
  private readonly outputs: ReadonlySet<string>
  /** Nodes that another one has taken along. */
  private readonly taken = new Set<OnnxNode>()
  private readonly makersOf = new WeakMap<Value, string>()
  /** Layers that stand for what no layer has taken along. */
  private readonly stands = new WeakMap<Value, number>()
  /** Products on each token that were made of some rows of a larger one, by what was taken. */
  readonly cuts = new Map<string, number>()
  /** How many rows of each product were taken so, all together. */
  readonly cutRows = new Map<number, number>()
  /** Norms that were worked out without these, which may follow. */
  readonly bare = new Map<number, readonly ('scale' | 'shift')[]>()
  /** Layers whose weights were multiplied with a number for each channel, for one of what takes them. */
  readonly multiplied = new Set<number>()
  /** How many images there are where the file tells it. */
  readonly batch: number

  /** Whether the file leaves that open. */
  readonly isOpen: boolean
  /** Whole numbers that an open batch stands in, which are no number of the network's. */
  readonly openNumbers = new Set<number>()
  /** Along which axis a softmax is that does not say it. */
  readonly axisOfSoftmax: number

  /** @param called What messages call the file. */
  constructor(model: OnnxModel, called: string) {
    const batch = model.batch ?? model.inputs[0]?.dims[0] ?? undefined
    this.isOpen = batch === undefined
    this.axisOfSoftmax = (model.opset ?? SOFTMAX_OF_LAST) < SOFTMAX_OF_LAST ? 1 : -1
    this.batch = batch ?? OPEN_BATCH
    this.constants = new Map(model.constants)
    this.reads = new Reads(called)
    for (const constant of this.constants.values()) countReads(constant, this.reads)
    this.makers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
    this.outputs = new Set(model.outputs)
    for (const node of model.nodes)
      for (const name of node.inputs) {
        const users = this.users.get(name)
        if (users) users.push(node)
        else this.users.set(name, [node])
        if (node.op !== 'Shape') this.takers.set(name, (this.takers.get(name) ?? 0) + 1)
      }
  }

  /** @param maker The name of the node that makes it. */
  set(name: string, value: Value, maker?: string): void {
    this.values.set(name, value)
    if (maker !== undefined && !this.makersOf.has(value)) this.makersOf.set(value, maker)
  }
  setConstant(name: string, tensor: Constant): void {
    this.constants.set(name, tensor)
    countReads(tensor, this.reads)
  }
  isTaken(node: OnnxNode): boolean {
    return this.taken.has(node)
  }

  constant(name: string | undefined): Constant | undefined {
    return name ? this.constants.get(name) : undefined
  }

  value(name: string | undefined): Outcome {
    return (
      (name !== undefined && this.values.get(name)) || {
        why: `its input "${name ?? ''}" is nothing that was worked out of the images`,
      }
    )
  }

  /** The node that makes a value. */
  maker(name: string): OnnxNode | undefined {
    return this.makers.get(name)
  }

  known(name: string): boolean {
    return this.values.has(name)
  }

  /** A layer of ours for a node, fed by these names. */
  layer(
    node: OnnxNode,
    kind: string,
    attributes: Readonly<Record<string, unknown>>,
    names: readonly (string | undefined)[],
    tensors: ForeignTensors = {},
  ): Outcome {
    const inputs: number[] = []
    const values = names.map((name) => this.value(name))
    if (values.some((value) => 'axes' in value)) return this.turnedLayer(node, kind, attributes, values, tensors)
    for (const value of values) {
      if ('why' in value) return value
      if ('pads' in value && !PADDING.has(kind)) return { why: 'zeros were put around its image' }
      if ('pads' in value && kind === 'max-pool' && !isNeverBelowZero(this.list.layers[value.layer]!.kind))
        return { why: 'zeros that count were put around its image' }
      inputs.push('pads' in value ? value.layer : this.layerOf(value))
    }
    return { layer: this.list.add({ name: node.name, kind, attributes, inputs }, tensors) }
  }

  /** A layer for values in other axes: one that does not mind them, and leaves its own in the same. */
  private turnedLayer(
    node: OnnxNode,
    kind: string,
    attributes: Readonly<Record<string, unknown>>,
    values: readonly Outcome[],
    tensors: ForeignTensors,
  ): Outcome {
    const wholes = []
    for (const value of values) {
      const whole =
        'layer' in value ? wholeOf(this, value) : 'why' in value ? value : { why: 'it takes what is no layer by itself' }
      if ('why' in whole) return whole
      wholes.push(whole)
    }
    const [{ layer, axes }] = wholes as [(typeof wholes)[0]]
    const isOfChannels = kind === 'batch-norm' && isChannels(axes[1], this.list.shape(layer)?.at(-1) ?? 0)
    if (!isOfChannels && !isEverywhere(kind)) return { why: 'its axes are not batch, channels, height and width there' }
    if (wholes.some((one) => !sameAxes(one.axes, axes))) return { why: 'the axes of what it takes differ' }
    const added = this.list.add({ name: node.name, kind, attributes, inputs: wholes.map((one) => one.layer) }, tensors)
    return viewed(this, { layer: added, axes })
  }

  /** The layer that a value leaves; what no layer has taken along by now stands there as what it is. */
  layerOf(value: Value): number {
    const known = this.stands.get(value)
    if (known !== undefined) return known
    const layer = this.standing(value)
    this.stands.set(value, layer)
    return layer
  }

  private standing(value: Value): number {
    const unknown = (what: string, why: string, inputs: readonly number[]): number =>
      this.list.addUnknown(this.makersOf.get(value) ?? what, what, why, inputs)
    if ('products' in value) {
      const { queries, keys } = value.products
      return unknown('MatMul', 'it multiplies two values', [queries.layer, keys.layer])
    }
    if (value.axes) {
      const whole = wholeOf(this, value)
      return 'why' in whole ? unknown('Slice', whole.why, [value.layer]) : whole.layer
    }
    const { layer, pads = NO_PADS, steps: [along, across] = [1, 1] } = value
    if (along !== across) return unknown('Slice', 'its steps along height and width differ', [layer])
    if (pads.some((pad) => pad > 0)) return unknown('Pad', 'zeros are put around no window', [layer])
    // The greatest of one pixel is that pixel.
    const attributes = { size: 1, stride: along }
    return along === 1 ? layer : this.list.add({ name: 'Slice', kind: 'max-pool', attributes, inputs: [layer] })
  }

  /** Every so-manieth pixel of a value. */
  subsampled(name: string | undefined, along: number, across: number): Outcome {
    const value = this.value(name)
    if ('why' in value) return value
    if ('layer' in value && !value.pads && !value.axes) {
      const [before, beside] = value.steps ?? [1, 1]
      return { layer: value.layer, steps: [before * along, beside * across] }
    }
    return { layer: this.layerOf(value), steps: [along, across] }
  }

  /** A value with channels of zeros before and behind its own: the skip without parameters of He et al. 2015. */
  widened(node: OnnxNode, before: number, behind: number): Outcome {
    const value = this.value(node.inputs[0])
    if ('why' in value) return value
    const channels = this.channels(node.inputs[0])
    const added = before + behind
    const [along, across] = ('steps' in value && value.steps) || [1, 1]
    if (channels === undefined || along !== across || !('layer' in value) || value.pads || value.axes)
      return { why: 'it puts channels of zeros beside something other than every so-manieth pixel of an image' }
    const side = before === 0 ? 'after' : before === newBefore('both', added) ? 'both' : undefined
    if (side === undefined) return { why: 'it puts unequal numbers of channels before and behind' }
    const attributes = { filters: channels + added, ...(along !== 2 && { stride: along }), ...(side !== 'after' && { side }) }
    return { layer: this.list.add({ name: node.name, kind: 'padding-shortcut', attributes, inputs: [value.layer] }) }
  }

  /** Height and width of a value, without what was put around it. */
  sides(name: string | undefined): readonly number[] | null {
    const value = this.value(name)
    const shape = 'layer' in value && !value.axes ? this.list.shape(value.layer) : null
    const steps = ('steps' in value && value.steps) || [1, 1]
    return shape?.length === 3 ? shape.slice(0, 2).map((side, i) => Math.ceil(side / steps[i]!)) : null
  }

  /** Whether a value is features without an image around them. */
  isRow(name: string | undefined): boolean {
    const value = this.value(name)
    return 'layer' in value && !value.axes && this.list.shape(value.layer)?.length === 1
  }

  channels(name: string | undefined): number | undefined {
    const value = this.value(name)
    return ('layer' in value ? this.list.shape(value.layer) : null)?.at(-1)
  }

  /** Where a value's shape differs from the one that was seen there, how; both are told as height × width × channels. */
  whyNotOf(value: Value, seen: readonly number[]): string | undefined {
    const shape = 'layer' in value ? this.list.shape(value.layer) : null
    if (!shape || !('layer' in value)) return undefined
    if (value.axes) {
      const sides = value.axes.map(sizeOf)
      return sides.join() === seen.join() ? undefined : `it would come to ${sides.join('×')}, and came to ${seen.join('×')} there`
    }
    const { pads = NO_PADS, steps = [1, 1] } = value
    const ours =
      shape.length === 3
        ? [...[0, 1].map((i) => Math.ceil((shape[i]! + pads[i]! + pads[i + 2]!) / steps[i]!)), shape[2]!]
        : [...shape]
    const theirs = seen.length === 4 ? [seen[2]!, seen[3]!, seen[1]!] : seen.slice(1)
    const isSame = ours.length === theirs.length ? ours.join() === theirs.join() : elements(ours) === elements(theirs)
    return isSame ? undefined : `it would come to ${ours.join('×')}, and came to ${theirs.join('×')} there`
  }

  /** A value in whatever axes it has; undefined where it is none, or has no shape that is known. */
  view(name: string | undefined): (View & { readonly axes: Axes }) | undefined {
    return this.viewOf(this.value(name))
  }
  viewOf(value: Outcome): (View & { readonly axes: Axes }) | undefined {
    const axes = 'layer' in value ? axesOf(this, value) : undefined
    return axes && 'layer' in value ? { ...value, axes } : undefined
  }

  /** So many of one number, as a constant of the file would be. */
  filled(length: number, value: number): Constant {
    return filledConstant(length, value)
  }

  zerosAround(name: string | undefined): Pads {
    const value = this.value(name)
    return ('pads' in value && value.pads) || NO_PADS
  }

  padded(name: string | undefined, pads: Pads): Outcome {
    const value = this.value(name)
    if ('why' in value) return value
    if (!('layer' in value) || value.steps || value.axes) return { layer: this.layerOf(value), pads }
    return { layer: value.layer, pads: pads.map((pad, i) => pad + (value.pads ?? NO_PADS)[i]!) as unknown as Pads }
  }

  /** Dense layers flatten what enters them by themselves, and so does the loss; another layer would see an image. */
  flattened(name: string | undefined): Outcome {
    return this.value(name)
  }

  /** How far the last windows reach over the edges where an output's sides are rounded up, along height and width; no window begins beyond the image. */
  overhang(node: OnnxNode, size: number, stride: number, pads: Pads): readonly number[] | undefined {
    return this.sides(node.inputs[0])?.map((side, i) => {
      const free = side + pads[i]! + pads[i + 2]! - size
      const last = Math.ceil(free / stride) * stride
      return last < side + pads[i]! ? last - free : 0
    })
  }

  /** Whether what a layer leaves is taken by the one node alone that takes this name of it, perhaps in other axes; who asks for its sides takes nothing. */
  isSole(name: string, layer: number): boolean {
    for (let at: string | undefined = name; at !== undefined;) {
      if (this.takers.get(at) !== 1 || this.outputs.has(at)) return false
      const from: string | undefined = this.makers.get(at)?.inputs[0]
      const value: Outcome = this.value(from)
      at = 'layer' in value && value.layer === layer ? from : undefined
    }
    return true
  }

  /** The constant, a number a column, that the one node behind a product adds, which is then taken along. */
  biasBehind(node: OnnxNode, columns: number): Constant | undefined {
    const users = this.users.get(node.outputs[0]!) ?? []
    const [add] = users
    if (users.length !== 1 || add?.op !== 'Add' || this.outputs.has(node.outputs[0]!)) return undefined
    const added = add.inputs.map((name) => this.constant(name)).find((tensor) => tensor !== undefined)
    const bias = perColumn(added, columns)
    if (!bias) return undefined
    this.taken.add(add)
    return bias
  }
}
