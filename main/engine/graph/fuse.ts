import type { GraphNode } from './node'

/**
 * Rewrites patterns of nodes into fused ones that compute the same with fewer passes over memory, which is what bounds a
 * residual network's step. The patterns are found in the finished graph, so that no layer needs to know of them.
 */
export interface FusionOptions {
  /** Channels of each batch norm, by node: TensorFlow's fused op takes multiples of four only. */
  readonly channels: ReadonlyMap<string, number>
  /** Nodes that add tensors of one shape: our kernels do not stretch a side. */
  readonly sums: ReadonlySet<string>
  /** Reshapes around the batch norms of vectors in training, which our kernels take as they are. */
  readonly detours: ReadonlySet<string>
  /** True where our own kernels (engine/tensorflow/kernels) can run: on the CPU. */
  readonly ownKernels: boolean
}

export function fuse(nodes: readonly GraphNode[], { channels, sums, detours, ownKernels }: FusionOptions): GraphNode[] {
  if (!ownKernels) return fuseBatchNormRelu(nodes, channels)
  return fuseGradients(fuseBatchNormRelu(fuseTraining(fuseNorms(withoutDetours(nodes, detours)), sums), channels), sums)
}

/** Batch norms of vectors on the vectors themselves. */
function withoutDetours(nodes: readonly GraphNode[], detours: ReadonlySet<string>): GraphNode[] {
  const replaced = nodes.flatMap(({ name, inputs }) => (detours.has(name) ? [[name, inputs[0]!] as const] : []))
  return rewired(nodes, new Map(replaced))
}

/** The sum of squares of a tensor in double precision: our `NormlabHalfSquaredNorm`, one pass over memory without the wide copy. */
function fuseNorms(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const consumers = findConsumers(nodes)
  const replaced = new Map<string, string>()
  for (const node of nodes) {
    const cast = byName.get(node.inputs[0]!)
    if (node.op !== 'L2Loss' || cast?.op !== 'Cast' || consumers.get(cast.name)!.length > 1) continue
    node.op = 'NormlabHalfSquaredNorm'
    node.attributes = {}
    replaced.set(cast.name, cast.inputs[0]!)
  }
  return rewired(nodes, replaced)
}

/**
 * Batch norm in training, with the sum before it, that sum's norm, and the ReLU that alone follows: our `NormlabBatchNormRelu`,
 * two passes over memory instead of up to seven, for any number of channels.
 */
function fuseTraining(nodes: readonly GraphNode[], sums: ReadonlySet<string>): GraphNode[] {
  const consumers = findConsumers(nodes)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const replaced = new Map<string, string>()
  for (const node of nodes) {
    if (!isTraining(node)) continue
    const [x, gamma, beta] = node.inputs as [string, string, string]
    const sum = byName.get(x)
    // Where two batch norms take one sum, the first makes it.
    const makesSum = sum?.op === 'AddV2' && sums.has(sum.name) && !replaced.has(sum.name)
    const [relu, ...others] = consumers.get(node.name) ?? []
    const isRectified = relu?.op === 'Relu' && others.length === 0
    // Outputs 0 to 2 are those of FusedBatchNormV3; the others went to its gradient alone.
    node.op = 'NormlabBatchNormRelu'
    node.inputs.splice(0, Infinity, ...(makesSum ? [sum.inputs[0]!, gamma, beta, sum.inputs[1]!] : [x, gamma, beta]))
    node.attributes = { epsilon: node.attributes['epsilon']!, rectified: { b: isRectified }, addends: { i: makesSum ? 1 : 0 } }
    if (isRectified) replaced.set(relu.name, node.name)
    if (makesSum) replaced.set(sum.name, `${node.name}:3`)
    for (const norm of consumers.get(x) ?? [])
      if (norm.op === 'NormlabHalfSquaredNorm' && !replaced.has(norm.name)) replaced.set(norm.name, `${node.name}:4`)
  }
  return rewired(nodes, replaced)
}

const isTraining = ({ op, attributes }: GraphNode): boolean => {
  const training = attributes['is_training']
  return op === 'FusedBatchNormV3' && training !== undefined && 'b' in training && training.b
}

/** Batch norm and the ReLU that alone follows it: TensorFlow's `_FusedBatchNormEx`, which writes the rectified value at once. */
function fuseBatchNormRelu(nodes: readonly GraphNode[], channels: ReadonlyMap<string, number>): GraphNode[] {
  const consumers = findConsumers(nodes)
  const replaced = new Map<string, string>()
  for (const node of nodes) {
    if (node.op !== 'FusedBatchNormV3' || channels.get(node.name)! % 4 !== 0) continue
    const [relu, ...others] = consumers.get(node.name) ?? []
    if (relu?.op !== 'Relu' || others.length > 0) continue
    node.op = '_FusedBatchNormEx'
    node.attributes['num_side_inputs'] = { i: 0 }
    node.attributes['activation_mode'] = { s: 'Relu' }
    replaced.set(relu.name, node.name)
  }
  return rewired(nodes, replaced)
}

/**
 * The way back through batch norm, FusedBatchNormGradV3, with the ReluGrad before it, the sum with a skip's gradient that follows
 * and that sum's norm: our `NormlabBatchNormReluGradient`, two passes over memory instead of twelve.
 */
function fuseGradients(nodes: readonly GraphNode[], sums: ReadonlySet<string>): GraphNode[] {
  const consumers = findConsumers(nodes)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const replaced = new Map<string, string>()
  for (const node of nodes) {
    if (node.op !== 'FusedBatchNormGradV3') continue
    const [dy, x, gamma] = node.inputs as [string, string, string]
    const forward = node.inputs[3]!.split(':')[0]!
    const rectified = byName.get(dy)
    const [incoming, y] = rectified?.inputs ?? []
    // Only the ReLU of this very batch norm says where its value was positive.
    const isOwn = y === forward || (byName.get(y!)?.op === 'Relu' && byName.get(y!)!.inputs[0] === forward)
    const isRectified = rectified?.op === 'ReluGrad' && consumers.get(dy)!.length === 1 && isOwn
    // Outputs 0 to 2 are those of FusedBatchNormGradV3, so whoever takes them need not change.
    node.op = 'NormlabBatchNormReluGradient'
    node.inputs.splice(0, Infinity, isRectified ? incoming! : dy, x, gamma, `${forward}:1`, `${forward}:2`)
    if (isRectified) {
      node.inputs.push(y!)
      // Nothing else takes its value; who waits for it waits for what it took.
      replaced.set(rectified.name, incoming!)
    }
    node.attributes = { epsilon: node.attributes['epsilon']!, rectified: { i: isRectified ? 1 : 0 }, skips: { i: 0 } }

    const [sum, ...others] = consumers.get(node.name) ?? []
    let value = node.name
    // Where two such nodes meet in one sum, the first takes it, and the second is its skip.
    if (sum?.op === 'AddV2' && sums.has(sum.name) && others.length === 0 && !replaced.has(sum.name)) {
      node.inputs.push(sum.inputs.find((input) => input !== node.name)!)
      node.attributes['skips'] = { i: 1 }
      replaced.set(sum.name, node.name)
      value = sum.name
    }
    for (const norm of consumers.get(value) ?? [])
      if (norm.op === 'NormlabHalfSquaredNorm') replaced.set(norm.name, `${node.name}:3`)
  }
  return rewired(nodes, replaced)
}

/** Who takes the first output of each node, by the node's name, and who takes another, by `name:output`. */
function findConsumers(nodes: readonly GraphNode[]): ReadonlyMap<string, GraphNode[]> {
  const consumers = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    for (const input of node.inputs) {
      const list = consumers.get(input)
      if (list) list.push(node)
      else consumers.set(input, [node])
    }
  }
  return consumers
}

/** Without the replaced nodes; what took their value takes another instead. */
function rewired(nodes: readonly GraphNode[], replaced: ReadonlyMap<string, string>): GraphNode[] {
  const kept = nodes.filter((node) => !replaced.has(node.name))
  const follow = (input: string): string => {
    // ^name only waits for the node.
    if (input.startsWith('^')) return `^${follow(input.slice(1)).split(':')[0]!}`
    let at = input
    while (replaced.has(at)) at = replaced.get(at)!
    return at
  }
  for (const node of kept) node.inputs.forEach((input, i) => (node.inputs[i] = follow(input)))
  return kept
}
