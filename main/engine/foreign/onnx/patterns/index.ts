import type { NodeAttributes, OnnxModel, OnnxNode } from '../../../../formats/onnx/model'
import { gelu } from './gelu'
import { Graph } from './graph'
import { normAlongAxis } from './norms'

/**
 * A network in which what an exporter wrote as several operators is one: norms and GELU as they are worked out. What nothing takes then is left out; a value that something else takes too stays.
 */
export function joined(model: OnnxModel): OnnxModel {
  const g = new Graph(model)
  let count = 0
  const nodes = model.nodes.map((node) => {
    const one = node.why === undefined ? asOne(node, g) : undefined
    if (one) count++
    return one ?? node
  })
  return count === 0 ? model : { ...model, nodes: withoutUntaken(model, nodes) }
}

function asOne(node: OnnxNode, g: Graph): OnnxNode | undefined {
  const norm = normAlongAxis(node, g)
  if (norm) {
    const attributes = attributesOf({ axis: norm.axis, epsilon: norm.epsilon })
    return { ...node, op: norm.isCentred ? 'LayerNormalization' : 'RMSNormalization', inputs: [norm.x], attributes }
  }
  const found = gelu(node, g)
  return (
    found && { ...node, op: 'Gelu', inputs: [found.x], attributes: attributesOf({ approximate: found.isTanh ? 'tanh' : 'none' }) }
  )
}

function attributesOf(given: Readonly<Record<string, number | string>>): NodeAttributes {
  const number = (name: string, absent: number): number => (typeof given[name] === 'number' ? given[name] : absent)
  return {
    has: (name) => Object.hasOwn(given, name),
    int: number,
    float: number,
    ints: () => undefined,
    floats: () => undefined,
    text: (name, absent) => (typeof given[name] === 'string' ? given[name] : absent),
    tensor: () => undefined,
  }
}

/** Without the nodes that were taken before and are not now. */
function withoutUntaken(before: OnnxModel, nodes: readonly OnnxNode[]): OnnxNode[] {
  const takenBefore = new Set([...before.outputs, ...before.nodes.flatMap(({ inputs }) => inputs)])
  const uses = new Map<string, number>()
  const count = (name: string, by: number): void => void uses.set(name, (uses.get(name) ?? 0) + by)
  for (const name of [...before.outputs, ...nodes.flatMap(({ inputs }) => inputs)]) count(name, 1)
  const gone = new Set<OnnxNode>()
  // Each follows its inputs, so that from behind all that takes a value is seen before it.
  for (const node of [...nodes].reverse())
    if (node.outputs.some((name) => takenBefore.has(name)) && node.outputs.every((name) => !uses.get(name))) {
      gone.add(node)
      for (const name of node.inputs) count(name, -1)
    }
  return nodes.filter((node) => !gone.has(node))
}
