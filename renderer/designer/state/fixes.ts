import { checkNetwork, type NetworkCheck, type Problem } from '../../../shared/architecture/check'
import type { BlockNode, LayerNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'
import type { Fix } from '../designer'
import {
  connect,
  disconnect,
  freeId,
  idOf,
  insertNodes,
  isBlock,
  nodeAt,
  nodesOf,
  parentOf,
  removeNodes,
  rename,
  renameTwin,
  replaceKind,
  setAttribute,
  setOutput,
  whyNot,
  wiringOf,
} from '../edit'
import { joinFixes } from './join-fixes'

/** Ways out of a problem, the likeliest first. */
export function fixesFor(problem: Problem, document: NetworkDocument, check: NetworkCheck): Fix[] {
  const { path, field } = problem
  if (path === '') return wholeFixes(field)
  const node = nodeAt(document, path)
  if (!node) return []
  if (problem.wanted) return [setting(path, problem.wanted)]
  if (field === 'kind') return [...(node.kind === 'input' ? [] : nearKinds(node, path)), removal(path, node)]
  if (field === 'id') return [renaming(document, path)]
  if (field === 'output' && isBlock(node) && problem.message.startsWith('there is no node'))
    return [{ label: 'Let the last node leave it', edit: (d) => setOutput(d, path, undefined) }]
  if (field === 'output') return [...looseFixes(document, path), removal(path, node)]
  if (field === 'inputs') return inputFixes(problem, document, check, node)
  return attributeFixes(problem, node, check)
}

function setting(path: string, wanted: Readonly<Record<string, unknown>>): Fix {
  const entries = Object.entries(wanted)
  return {
    label: `Set ${entries.map(([name, value]) => `${name} to ${String(value)}`).join(', ')}`,
    edit: (document) =>
      entries.reduce((edited, [name, value]) => setAttribute(edited.document, [path], name, value), { document }),
  }
}

const removal = (path: string, node: NetworkNode): Fix => ({
  label: `Remove “${node.id}”`,
  edit: (document) => removeNodes(document, [path]),
})

/** The network has no input, or no loss. */
function wholeFixes(field: string): Fix[] {
  if (field === 'input')
    return [
      {
        label: 'Add an input of 32×32×3',
        edit(document) {
          const first = document.nodes[0]
          const isLoose = first && wiringOf(document, '').nodes[0]!.inputs.length === 0
          const added = { id: freeId('input', document.nodes), kind: 'input' }
          const nodes = [added, ...document.nodes]
          const opened = {
            ...document,
            nodes: isLoose ? nodes.map((node, i) => (i === 1 ? fedBy(node, added.id) : node)) : nodes,
          }
          return { document: opened, selection: [added.id] }
        },
      },
    ]
  if (field === 'softmax-cross-entropy')
    return [
      {
        label: 'End it with a dense layer and the loss',
        edit(document) {
          const last = document.nodes[document.nodes.length - 1]
          const head: NetworkNode[] = [
            ...(last?.kind === 'dense' ? [] : [{ id: 'head', kind: 'dense', attributes: { units: 10 } }]),
            { id: 'loss', kind: 'softmax-cross-entropy' },
          ]
          return insertNodes(document, '', head, { after: last ? [last.id] : [] })
        },
      },
    ]
  return []
}

/** The node with its connection left to the order where that says the same. */
function fedBy(node: NetworkNode, id: string): NetworkNode {
  const { inputs: _, ...rest } = node
  return (node.inputs && node.inputs.length > 0 ? { ...rest, inputs: [id] } : rest) as NetworkNode
}

/** Kinds whose names are like one that there is not. */
function nearKinds(node: NetworkNode, path: string): Fix[] {
  const words = node.kind.split('-')
  const near = [...ops.values()].filter(({ kind }) => words.some((word) => word.length > 2 && kind.includes(word.slice(0, 4))))
  return near.slice(0, 2).map(({ kind, title }) => ({
    label: `Make it ${title}`,
    edit: (document) => replaceKind(document, path, kind),
  }))
}

function renaming(document: NetworkDocument, path: string): Fix {
  const level = parentOf(path)
  const nodes = nodesOf(document, level)!
  const own = nodes.filter((node) => node.id === idOf(path))
  const isTwin = own.length > 1
  const id = freeId(`${idOf(path)}x`, nodes, ((own[0] as BlockNode).repeat ?? 1) > 1)
  return { label: `Rename it to “${id}”`, edit: (current) => (isTwin ? renameTwin : rename)(current, path, id) }
}

/** Nobody takes what leaves a node: the next thing that waits for an input may. */
function looseFixes(document: NetworkDocument, path: string): Fix[] {
  const [level, id] = [parentOf(path), idOf(path)]
  const wiring = wiringOf(document, level)
  const waiting = wiring.nodes.find(
    ({ node, inputs }) => whyNot(wiring, id, node.id) === null && inputs.length < (ops.get(node.kind)?.arity[0] ?? 1),
  )
  if (!waiting) return []
  return [
    {
      label: `Connect it to “${waiting.node.id}”`,
      edit: (current) => connect(current, level, id, waiting.node.id, waiting.inputs.length),
    },
  ]
}

function inputFixes(problem: Problem, document: NetworkDocument, check: NetworkCheck, node: NetworkNode): Fix[] {
  const { path, message } = problem
  const [level, id] = [parentOf(path), idOf(path)]
  const { nodes } = wiringOf(document, level)
  const wired = nodes.find((own) => own.node.id === id)!
  if (message.startsWith('it feeds itself')) {
    const via = /“(.+)”/.exec(message)?.[1]
    const port = wired.inputs.findIndex((reference) => reference === via)
    return port < 0 ? [] : [{ label: `Disconnect it from “${via}”`, edit: (d) => disconnect(d, level, id, port) }]
  }
  if (message.startsWith('cannot add') || message.startsWith('cannot join'))
    return joinFixes(path, document, check).filter((fix) => helps(fix, problem, document))
  if (message.startsWith('needs one logit'))
    return [{ label: 'Put a dense layer before it', edit: (d) => insertNodes(d, level, [{ id: 'head', kind: 'dense', attributes: { units: 10 } }], { after: [...wired.inputs], into: { target: id, port: 0 } }) }] // prettier-ignore
  const dangling = wired.inputs.findIndex((reference) => message.includes(`“${reference}”`))
  if (dangling >= 0)
    return [
      ...feeding(document, level, id, dangling).slice(0, 1),
      { label: 'Remove that connection', edit: (current) => disconnect(current, level, id, dangling) },
    ]
  const most = ops.get(node.kind)?.arity[1] ?? 64
  if (wired.inputs.length > most)
    return [{ label: `Keep the first ${most === 1 ? 'connection' : `${most} connections`}`, edit: (d) => ({ document: keepInputs(d, level, id, most) }) }] // prettier-ignore
  if (wired.inputs.length >= (ops.get(node.kind)?.arity[0] ?? 1)) return [removal(path, node)]
  return feeding(document, level, id, wired.inputs.length)
}

/** Whether the problem is gone then: in a block that is repeated, what fits its first copy may not fit the second. */
function helps(fix: Fix, { path, message }: Problem, document: NetworkDocument): boolean {
  const { problems } = checkNetwork(fix.edit(document).document)
  return !problems.some((other) => other.path === path && other.message === message)
}

function keepInputs(document: NetworkDocument, level: string, id: string, most: number): NetworkDocument {
  let changed = document
  for (let port = wiringOf(document, level).nodes.find(({ node }) => node.id === id)!.inputs.length - 1; port >= most; port--)
    changed = disconnect(changed, level, id, port).document
  return changed
}

/** What may feed a node that waits for an input: what stands before it, or what enters the block. */
function feeding(document: NetworkDocument, level: string, id: string, port: number): Fix[] {
  const wiring = wiringOf(document, level)
  const at = wiring.nodes.findIndex(({ node }) => node.id === id)
  const { inputs } = wiring.nodes[at]!
  const before = wiring.nodes
    .slice(0, at)
    .filter(
      ({ node }) => node.kind !== 'softmax-cross-entropy' && !inputs.includes(node.id) && whyNot(wiring, node.id, id) === null,
    )
  const near = before[before.length - 1]?.node.id
  const sources = [...(near === undefined ? [] : [near]), ...(level !== '' && !inputs.includes('$input') ? ['$input'] : [])]
  return sources.map((source) => ({
    label: source === '$input' ? 'Connect what enters the block' : `Connect “${source}” to it`,
    edit: (current) => connect(current, level, source, id, port),
  }))
}

function attributeFixes({ path, field, message }: Problem, node: NetworkNode, check: NetworkCheck): Fix[] {
  const op = ops.get(node.kind)
  if (!op) return []
  if (!(field in op.attributes.shape)) {
    const unknown = Object.keys((node as LayerNode).attributes ?? {}).filter((name) => !(name in op.attributes.shape))
    return [
      {
        label: `Remove ${unknown.map((name) => `“${name}”`).join(', ')}`,
        edit: (document) =>
          unknown.reduce((edited, name) => setAttribute(edited.document, [path], name, undefined), { document }),
      },
    ]
  }
  const set = (value: unknown, label = `Set ${field} to ${String(value)}`): Fix => ({
    label,
    edit: (document) => setAttribute(document, [path], field, value),
  })
  const input = check.nodes.get(path)?.inputs[0]
  const value = Number((node as LayerNode).attributes?.[field] ?? usual(node.kind, field))
  if (message.includes('divide') && input) {
    // The nearest that divides all that it has to, from above down.
    const sides = field === 'size' ? input.slice(0, 2) : [input[input.length - 1]!, ...filters(node)]
    for (let k = Math.min(value, ...sides); k >= 1; k--)
      if (sides.every((side) => side % k === 0)) return k === value ? [] : [set(k)]
  }
  if (message.includes('larger than')) {
    const least = Math.min(...(input ?? [1]).slice(0, 2))
    const same = ops.get(node.kind)!.attributes.shape['padding'] ? [{ ...setNamed(path, 'padding', 'same'), label: 'Use same padding' }] : [] // prettier-ignore
    return [...same, set(least)]
  }
  if (message.includes('fewer than') && input) return [set(input[input.length - 1]!)]
  const start = op.example && field in op.example ? (op.example as Record<string, unknown>)[field] : undefined
  if (start !== undefined) return [set(start)]
  return [set(undefined, `Set ${field} to its default, ${String(usual(node.kind, field))}`)]
}

const setNamed = (path: string, name: string, value: unknown): Fix => ({
  label: `Set ${name} to ${String(value)}`,
  edit: (document) => setAttribute(document, [path], name, value),
})

const filters = (node: NetworkNode): number[] => {
  const own = Number((node as LayerNode).attributes?.['filters'])
  return Number.isInteger(own) && own > 0 ? [own] : []
}

const usual = (kind: string, field: string): unknown => ops.get(kind)?.attributes.shape[field]?.safeParse(undefined).data
