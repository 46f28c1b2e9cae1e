import { ops } from '../ops'
import { MisfitError } from '../ops/misfit'
import { elements, type OpDefinition, outcomeOf, type Shape } from '../ops/op'
import { attributeFault } from './attributes'
import { excessOf, MOST_LAYERS } from './budget'
import type { CheckedUnit, NetworkCheck, NodeCheck, Problem } from './check-types'
import { type BlockNode, type LayerNode, MOST_DEPTH, type NetworkDocument, type NetworkNode } from './document'
import { enteringIndex, orderOf, referencesOf } from './level'
import { fixedBytes, layerBytes } from './memory'
import { type FaultCode, type Faults, problemAt } from './problem'
import { type Field, spread, through, weighed, widest } from './receptive-field'

export type { CheckedUnit, NetworkCheck, NodeCheck, Problem } from './check-types'

/** What flows along a connection. */
interface Value {
  readonly shape: Shape | null
  readonly depth: number | null
  readonly field: Field | null
}
const UNKNOWN: Value = { shape: null, depth: null, field: null }

/**
 * What a document comes to while it is being drawn: shapes, costs and problems of every node, errors and all. Where `expand` would
 * refuse, this goes on: what depends on a mistake is unknown, and only its cause complains. Copies of a block that are
 * equal are looked at once, so that a thousand layers take a few milliseconds.
 */
export function checkNetwork(document: NetworkDocument): NetworkCheck {
  return new Checking().all(document)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

class Checking {
  private readonly nodes = new Map<string, Mutable<NodeCheck> & { problems: Problem[] }>()
  private readonly units = new Map<string, Mutable<CheckedUnit>>()
  private readonly general: Problem[] = []
  private readonly found = { input: [] as string[], loss: [] as string[] }
  private layers = 0
  /** Of all layers so far. */
  private readonly sums = { parameters: 0, flops: 0, memory: 0 }
  /** Whether what is walked lies in a unit already, where nothing else is one. */
  private isInUnit = false
  /** Bytes of the operations of all layers so far. */
  private operations = 0
  /** Most bytes of an image that are there while one layer's gradient is made. */
  private passing = 0

  all(document: NetworkDocument): NetworkCheck {
    const { nodes } = document
    this.register(nodes, '', 0)
    const excess = excessOf(document)
    // What is too large to be opened is not walked either.
    if (excess) this.complain(excess.path, 'too-large', excess)
    else this.level(nodes, '', [], undefined, 1)
    for (const [kind, paths] of [
      ['input', this.found.input],
      ['softmax-cross-entropy', this.found.loss],
    ] as const) {
      const title = ops.get(kind)!.title
      if (paths.length === 0 && !excess) this.complain('', 'missing-layer', { kind, title })
      else if (paths.length > 1) for (const path of paths.slice(1)) this.complain(path, 'further-layer', { kind, title })
    }
    const checks = [...this.nodes.values()]
    const { parameters, flops, memory } = this.sums
    const units = [...this.units.values()]
    const fields = checks.map(({ receptiveField }) => receptiveField ?? 0).filter(Number.isFinite)
    return {
      nodes: this.nodes,
      problems: [...this.general, ...checks.flatMap(({ problems }) => problems)],
      layers: this.layers,
      parameters,
      flops,
      depth: this.found.loss[0] === undefined ? null : this.nodes.get(this.found.loss[0])!.depth,
      receptiveField: fields.reduce((most, field) => Math.max(most, field), 0) || null,
      memory: { perImage: memory + this.passing, fixed: fixedBytes(parameters, this.operations) },
      units,
      blocks: units.filter(({ kind }) => kind === 'block').reduce((total, { copies }) => total + copies, 0),
    }
  }

  /** Gives every node its entry, in the document's order, whether or not it can be reached. */
  private register(nodes: readonly NetworkNode[], prefix: string, depth: number): void {
    for (const node of nodes) {
      const path = prefix + node.id
      if (this.nodes.has(path)) {
        this.complain(path, 'same-name', {})
        continue
      }
      this.nodes.set(path, {
        ...{ path, node, inputs: [], output: null, copies: 0, parameters: 0, flops: 0, memory: 0 },
        ...{ depth: null, receptiveField: null, problems: [] },
      })
      if (node.kind !== 'block') continue
      if (depth === MOST_DEPTH) this.complain(path, 'too-deep', { most: MOST_DEPTH })
      this.register((node as BlockNode).nodes, `${path}/`, depth + 1)
    }
  }

  /** The nodes of one block, `times` times; returns what leaves it. */
  private level(
    nodes: readonly NetworkNode[],
    prefix: string,
    entering: readonly Value[],
    output: string | undefined,
    times: number,
  ): Value {
    const references = referencesOf(nodes, entering.length > 0)
    const done = new Map<string, Value>()
    const onCycle = (node: number, via: number): void =>
      this.complain(prefix + nodes[node]!.id, 'feeds-itself', { via: nodes[via]!.id })
    for (const i of orderOf(nodes, references, onCycle)) {
      const node = nodes[i]!
      // Of two of one name the first stands for both.
      if (this.nodes.get(prefix + node.id)!.node !== node) continue
      const path = prefix + node.id
      const inputs = references[i]!.map((reference) => this.resolve(reference, path, entering, done))
      done.set(
        node.id,
        node.kind === 'block'
          ? this.block(node as BlockNode, path, inputs, times)
          : this.layer(node as LayerNode, path, inputs, times),
      )
    }
    const last = output ?? nodes[nodes.length - 1]?.id
    if (last !== undefined && !done.has(last)) this.complain(prefix.slice(0, -1), 'no-such-output', { output: last })
    this.looseEnds(nodes, prefix, references, prefix === '' ? undefined : last)
    this.sameNames(nodes, prefix)
    return done.get(last ?? '') ?? UNKNOWN
  }

  private resolve(reference: string, path: string, entering: readonly Value[], done: ReadonlyMap<string, Value>): Value {
    const k = enteringIndex(reference)
    const value = k === null ? done.get(reference) : entering[k]
    if (value) return value
    // A connection of a cycle names a node that is there, and its cycle has been told.
    if (k === null) {
      if (!this.nodes.has(siblingPath(path, reference))) this.complain(path, 'no-such-input', { reference })
    } else this.complain(path, 'does-not-enter', { reference, count: entering.length })
    return UNKNOWN
  }

  /** What nobody takes: of the nodes, but for the one that leaves the block. */
  private looseEnds(
    nodes: readonly NetworkNode[],
    prefix: string,
    references: readonly (readonly string[])[],
    leaving: string | undefined,
  ): void {
    const used = new Set(references.flat())
    for (const { id, kind } of nodes) {
      if (used.has(id) || id === leaving || kind === 'softmax-cross-entropy') continue
      this.complain(prefix + id, 'loose-end', {})
    }
  }

  /** `block1` written out may meet a node that is called so. */
  private sameNames(nodes: readonly NetworkNode[], prefix: string): void {
    const repeated = nodes.filter((node): node is BlockNode => node.kind === 'block' && (node as BlockNode).repeat !== undefined)
    if (repeated.length === 0) return
    const taken = new Set(nodes.filter((node) => !repeated.includes(node as BlockNode)).map(({ id }) => id))
    for (const { id, repeat = 1, first = 1 } of repeated)
      for (let i = 0; i < Math.min(repeat, MOST_LAYERS); i++) {
        const name = `${id}${first + i}`
        if (taken.has(name)) {
          this.complain(prefix + id, 'copy-has-name', { copy: name })
          break
        }
        taken.add(name)
      }
  }

  private block(node: BlockNode, path: string, inputs: readonly Value[], times: number): Value {
    const { nodes, output, repeat = 1 } = node
    if (inputs.length === 0) this.complain(path, 'nothing-enters', {})
    const check = this.nodes.get(path)!
    if (check.copies === 0) check.inputs = inputs.map(({ shape }) => shape)
    const before = { ...this.sums }
    // A block that nothing enters has told so; what is in it need not complain as well.
    let entering = inputs.length > 0 ? inputs : [UNKNOWN]
    let previous: Shape | null | undefined
    const kind = this.isInUnit ? undefined : node.unit
    if (kind) this.isInUnit = true
    for (let copy = 0; copy < repeat; copy++) {
      // A copy that the shape goes through unchanged is like all that follow.
      const isSettled = copy > 0 && isSame(entering[0]?.shape, previous)
      const remaining = isSettled ? repeat - copy : 1
      previous = entering[0]?.shape
      const leaving = this.level(nodes, `${path}/`, entering, output, times * remaining)
      entering = [remaining > 1 ? extrapolate(entering[0]!, leaving, remaining) : leaving, ...inputs.slice(1)]
      if (isSettled) break
    }
    check.copies += times * repeat
    check.parameters += this.sums.parameters - before.parameters
    check.flops += this.sums.flops - before.flops
    check.memory += this.sums.memory - before.memory
    this.ignoredInputs(node, path, check.inputs.length)
    if (kind) {
      this.isInUnit = false
      this.addUnit(kind, check, times * repeat, entering[0] ?? UNKNOWN)
    }
    return this.leave(check, entering[0] ?? UNKNOWN)
  }

  /** What enters a block and nothing in it takes is lost. */
  private ignoredInputs(node: BlockNode, path: string, count: number): void {
    const used = new Set(
      referencesOf(node.nodes, count > 0)
        .flat()
        .map(enteringIndex),
    )
    for (let i = 0; i < count; i++) if (!used.has(i)) this.complain(path, 'ignored-input', { input: i, count })
  }

  private layer(node: LayerNode, path: string, inputs: readonly Value[], times: number): Value {
    const check = this.nodes.get(path)!
    if (check.copies === 0) {
      check.inputs = inputs.map(({ shape }) => shape)
      if (node.kind === 'input') this.found.input.push(path)
      if (node.kind === 'softmax-cross-entropy') this.found.loss.push(path)
    }
    check.copies += times
    this.layers += times
    const op = ops.get(node.kind)
    if (!op) {
      this.complain(path, 'unknown-kind', { kind: node.kind })
      return this.leave(check, UNKNOWN)
    }
    const attributes = this.attributes(op, node, path)
    const [fewest, most] = op.arity
    const fits = inputs.length >= fewest && inputs.length <= most
    if (!fits) this.complain(path, 'input-count', { title: op.title, fewest, most, got: inputs.length })
    const shapes = inputs.map(({ shape }) => shape)
    let shape: Shape | null = null
    if (attributes && fits && shapes.every((known): known is Shape => known !== null)) {
      const outcome = this.fit(path, () => outcomeOf(op, shapes, attributes))
      shape = outcome?.shape ?? null
      if (outcome) this.count(check, op, attributes, shapes, outcome, times)
    }
    const isInput = node.kind === 'input'
    const window = attributes && op.window?.(attributes)
    const depths = inputs.map(({ depth }) => depth)
    const value: Value = {
      shape,
      depth:
        shape === null || depths.includes(null)
          ? null
          : Math.max(0, ...(depths as number[])) + (hasKernel(op, shapes, attributes, shape) ? 1 : 0),
      field: isInput
        ? { size: 1, jump: 1 }
        : through((op.kind === 'multiply' ? weighed : widest)(inputs.map(({ field }) => field)), window),
    }
    if (node.unit && !this.isInUnit) this.addUnit(node.unit, check, times, value)
    return this.leave(check, value)
  }

  private attributes(op: OpDefinition, node: LayerNode, path: string): Record<string, unknown> | null {
    const parsed = op.attributes.safeParse(node.attributes ?? {})
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) {
      const { code, data } = attributeFault(op, node, issue)
      this.complain(path, code, data)
    }
    return null
  }

  private count(
    check: Mutable<NodeCheck>,
    op: OpDefinition,
    attributes: Record<string, unknown>,
    inputs: readonly Shape[],
    { shape: output, parameters: specs }: ReturnType<typeof outcomeOf>,
    times: number,
  ): void {
    const parameters = times * specs.reduce((total, { shape }) => total + elements(shape), 0)
    const flops = times * op.flops(inputs, attributes, output)
    const { kept, passing, operations } = layerBytes(op, inputs, attributes, output)
    const memory = times * kept
    this.passing = Math.max(this.passing, passing)
    this.operations += times * operations
    for (const sum of [check, this.sums]) {
      sum.parameters += parameters
      sum.flops += flops
      sum.memory += memory
    }
  }

  private fit<T>(path: string, make: () => T): T | null {
    try {
      return make()
    } catch (error) {
      if (!(error instanceof MisfitError)) throw error
      this.complain(path, error.code, error.data)
      return null
    }
  }

  private addUnit(kind: CheckedUnit['kind'], check: NodeCheck, copies: number, { shape }: Value): void {
    const { path, inputs } = check
    const unit = this.units.get(path)
    if (unit) {
      unit.copies += copies
      unit.leaves = shape
    } else this.units.set(path, { path, kind, copies, enters: inputs[0] ?? shape, leaves: shape })
  }

  private leave(check: Mutable<NodeCheck>, value: Value): Value {
    check.output = value.shape
    check.depth = value.depth
    check.receptiveField = value.field?.size ?? null
    return value
  }

  /** Once for each field of a node: copies have the same to complain of. */
  private complain<C extends FaultCode>(path: string, code: C, data: Faults[C]): void {
    const problems = path === '' ? this.general : this.nodes.get(path)!.problems
    const problem = problemAt(path, code, data)
    if (!problems.some(({ field }) => field === problem.field)) problems.push(problem)
  }
}

const siblingPath = (path: string, id: string): string => path.slice(0, path.lastIndexOf('/') + 1) + id

function isSame(a: Shape | null | undefined, b: Shape | null | undefined): boolean {
  return a?.join() === b?.join()
}

/** Whether the layer counts for depth: it has a kernel. */
function hasKernel(
  op: OpDefinition,
  inputs: readonly (Shape | null)[],
  attributes: Record<string, unknown> | null,
  output: Shape | null,
): boolean {
  if (!op.parameters || !attributes || output === null) return false
  return op.parameters(inputs as readonly Shape[], attributes).some(({ role }) => role === 'kernel')
}

/** What leaves after `copies` copies that each add as much depth and field as this one did. */
function extrapolate(entering: Value, leaving: Value, copies: number): Value {
  return {
    shape: leaving.shape,
    depth: entering.depth === null || leaving.depth === null ? null : entering.depth + copies * (leaving.depth - entering.depth),
    field: spread(entering.field, leaving.field, copies),
  }
}
