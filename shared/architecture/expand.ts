import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { ops } from '../ops'
import { MisfitError } from '../ops/misfit'
import { type OpDefinition, outcomeOf, type ParameterSpec, type Shape, type StatisticSpec } from '../ops/op'
import { foremost } from '../plain-words'
import type { Unit } from '../records'
import { attributeFault } from './attributes'
import { excessOf } from './budget'
import type { BlockNode, LayerNode, NetworkDocument, NetworkNode } from './document'
import { enteringIndex, orderOf, referencesOf } from './level'
import { type FaultCode, type Faults, tell } from './problem'

/** A layer of the expanded network: one op with everything known about it. */
export interface Layer {
  /** `stage2.block1.conv1`. */
  readonly name: string
  readonly op: OpDefinition
  readonly attributes: Readonly<Record<string, unknown>>
  /** Indices of the layers that feed it. */
  readonly inputs: readonly number[]
  readonly inputShapes: readonly Shape[]
  readonly shape: Shape
  readonly parameters: readonly ParameterSpec[]
  readonly statistics: readonly StatisticSpec[]
}

/** A unit and the layers whose values are its boundaries. */
export interface ExpandedUnit extends Unit {
  /** Index of the layer whose value enters it. */
  readonly input: number
  /** Index of the layer whose value leaves it. */
  readonly output: number
  /** Indices of its own layers. */
  readonly layers: readonly number[]
}

/** The network document with blocks opened and repeats written out, in an order in which every layer follows its inputs. */
export interface ExpandedNetwork {
  readonly name: string
  readonly layers: readonly Layer[]
  readonly input: number
  readonly logits: number
  readonly loss: number
  readonly units: readonly ExpandedUnit[]
}

/**
 * Opens the document: names, inputs, shapes and parameters of every layer.
 *
 * @throws UserError that names the node and the field, where something does not fit.
 */
export function expand(document: NetworkDocument): ExpandedNetwork {
  refuseExcess(document)
  const expansion = new Expansion(document.name)
  expansion.open(document.nodes, '', [], undefined)
  return expansion.finish()
}

/** @throws UserError where the document comes to more than a network may, before any of it is opened. */
function refuseExcess(document: NetworkDocument): void {
  const excess = excessOf(document)
  if (!excess) return
  const { message, remedy } = tell('too-large', excess)
  const path = cutText(excess.path.split('/').join('.'))
  throw new UserError(message, {
    place: path === '' ? cutText(document.name) : `${cutText(document.name)}: block “${path}”`,
    remedy: remedy!,
  })
}

class Expansion {
  private readonly layers: Layer[] = []
  private readonly units: ExpandedUnit[] = []
  private readonly taken = new Set<string>()
  /** Units inside a unit are none: boundaries are a chain, and the outer one has theirs. */
  private isInUnit = false

  constructor(private readonly document: string) {}

  /** Opens the nodes of one block, whose inputs are known; returns the layer that leaves it. */
  open(nodes: readonly NetworkNode[], path: string, entering: readonly number[], output: string | undefined): number {
    const ids = new Set<string>()
    for (const { id } of nodes) {
      if (ids.has(id)) throw this.fault(path + id, 'same-name', {})
      ids.add(id)
    }
    if (output !== undefined && !ids.has(output)) throw this.fault(path.slice(0, -1), 'no-such-output', { output })
    const done = new Map<string, number>()
    const references = referencesOf(nodes, entering.length > 0)
    for (const i of this.inOrder(nodes, references, path)) {
      const node = nodes[i]!
      const inputs = references[i]!.map((reference) => this.resolve(reference, node, path, entering, done))
      done.set(
        node.id,
        node.kind === 'block' ? this.openCopies(node as BlockNode, path, inputs) : this.place(node as LayerNode, path, inputs),
      )
    }
    return done.get(output ?? nodes[nodes.length - 1]!.id)!
  }

  /** @throws UserError where a node feeds itself. */
  private inOrder(nodes: readonly NetworkNode[], references: readonly (readonly string[])[], path: string): number[] {
    return orderOf(nodes, references, (node, through) => {
      throw this.fault(path + nodes[node]!.id, 'feeds-itself', { via: nodes[through]!.id })
    })
  }

  private resolve(
    reference: string,
    node: NetworkNode,
    path: string,
    entering: readonly number[],
    done: ReadonlyMap<string, number>,
  ): number {
    const fromOutside = enteringIndex(reference)
    if (fromOutside !== null) {
      const layer = entering[fromOutside]
      if (layer === undefined) throw this.fault(path + node.id, 'does-not-enter', { reference, count: entering.length })
      return layer
    }
    const layer = done.get(reference)
    if (layer === undefined) throw this.fault(path + node.id, 'no-such-input', { reference })
    return layer
  }

  private openCopies(node: BlockNode, path: string, inputs: readonly number[]): number {
    const first = node.first ?? 1
    const names = node.repeat === undefined ? [node.id] : Array.from({ length: node.repeat }, (_, i) => `${node.id}${first + i}`)
    if (inputs.length === 0) throw this.fault(path + node.id, 'nothing-enters', {})
    const kind = this.isInUnit ? undefined : node.unit
    let entering = inputs
    for (const name of names) {
      const before = this.layers.length
      this.claim(path + name)
      if (kind) this.isInUnit = true
      const leaving = this.open(node.nodes, `${path}${name}.`, entering, node.output)
      if (kind) {
        this.isInUnit = false
        this.addUnit(kind, path + name, entering[0]!, leaving, before)
      }
      entering = [leaving, ...inputs.slice(1)]
    }
    return entering[0]!
  }

  /** Makes a layer of a node. */
  private place(node: LayerNode, path: string, inputs: readonly number[]): number {
    const name = path + node.id
    this.claim(name)
    const op = ops.get(node.kind)
    // Who reads this has no palette.
    if (!op) throw this.fault(name, 'unknown-kind', { kind: node.kind }, `the kinds are ${[...ops.keys()].join(', ')}`)
    const parsed = op.attributes.safeParse(node.attributes ?? {})
    if (!parsed.success) {
      const { code, data } = attributeFault(op, node, foremost(parsed.error.issues))
      throw this.fault(name, code, data)
    }
    const [fewest, most] = op.arity
    if (inputs.length < fewest || inputs.length > most)
      throw this.fault(name, 'input-count', { title: op.title, fewest, most, got: inputs.length })
    const inputShapes = inputs.map((i) => this.layers[i]!.shape)
    const attributes = parsed.data
    const layer = this.fit(name, () => ({
      name,
      op,
      attributes,
      inputs,
      inputShapes,
      ...outcomeOf(op, inputShapes, attributes),
      statistics: op.statistics?.(inputShapes, attributes) ?? [],
    }))
    this.layers.push(layer)
    const index = this.layers.length - 1
    if (node.unit && !this.isInUnit) this.addUnit(node.unit, name, inputs[0] ?? index, index, index)
    return index
  }

  private addUnit(kind: Unit['kind'], name: string, input: number, output: number, from: number): void {
    const layers = Array.from({ length: this.layers.length - from }, (_, i) => from + i)
    this.units.push({ name, kind, shape: [...this.layers[input]!.shape], input, output, layers })
  }

  /** A dotted name belongs to one thing: `block1` written out may meet a node that is called so. */
  private claim(name: string): void {
    if (this.taken.has(name)) throw this.fault(name, 'name-taken', {})
    this.taken.add(name)
  }

  private fit<T>(name: string, make: () => T): T {
    try {
      return make()
    } catch (error) {
      if (error instanceof MisfitError) throw this.fault(name, error.code, error.data)
      throw error
    }
  }

  finish(): ExpandedNetwork {
    const only = (kind: string): number => {
      const found = this.layers.flatMap((layer, i) => (layer.op.kind === kind ? [i] : []))
      if (found.length !== 1)
        throw new UserError(`a network needs one “${kind}” node but this one has ${found.length}`, {
          place: cutText(this.document),
        })
      return found[0]!
    }
    const input = only('input')
    const loss = only('softmax-cross-entropy')
    const used = new Set<number>()
    for (const { inputs } of this.layers) for (const from of inputs) used.add(from)
    const loose = this.layers.findIndex((_, i) => i !== loss && !used.has(i))
    if (loose >= 0) throw this.fault(this.layers[loose]!.name, 'loose-end', {})
    return { name: this.document, layers: this.layers, input, loss, logits: this.layers[loss]!.inputs[0]!, units: this.units }
  }

  private fault<C extends FaultCode>(node: string, code: C, data: Faults[C], further?: string): UserError {
    const { field, message, remedy = further } = { ...tell(code, data), ...(further !== undefined && { remedy: further }) }
    // The place has the attribute's name already.
    return new UserError(message.startsWith(`${field} `) ? message.slice(field.length + 1) : message, {
      place: `${cutText(this.document)}: node “${cutText(node, 160)}”, ${cutText(field)}`,
      ...(remedy !== undefined && { remedy }),
    })
  }
}

/** Layers whose values are the boundaries, in forward order: what enters each unit, and what leaves the last. */
export function boundaries(network: ExpandedNetwork): readonly number[] {
  const last = network.units[network.units.length - 1]
  return last ? [...network.units.map((unit) => unit.input), last.output] : []
}

/** The units as they are recorded: each with the shape at its boundary, the last with that at the network's last one too. */
export function recordedUnits({ units, layers }: ExpandedNetwork): Unit[] {
  return units.map(({ name, kind, shape, output }, l) => ({
    ...{ name, kind, shape: [...shape] },
    ...(l === units.length - 1 && { leaves: [...layers[output]!.shape] }),
  }))
}

/** `stage1.block1.conv1.kernel` → its spec, in the order of the layers. */
export function parameterNames(
  network: ExpandedNetwork,
): readonly { readonly name: string; readonly layer: number; readonly spec: ParameterSpec }[] {
  return network.layers.flatMap((layer, i) =>
    layer.parameters.map((spec) => ({ name: `${layer.name}.${spec.name}`, layer: i, spec })),
  )
}
