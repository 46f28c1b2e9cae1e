import { checkNetwork, type NetworkCheck, type Problem } from '../../../shared/architecture/check'
import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { ops } from '../../../shared/ops'
import type { Fix } from '../designer'
import {
  connect,
  disconnect,
  freeId,
  idOf,
  insertNodes,
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
import { factorFixes, joinFixes } from './join-fixes'

/** Ways out of a problem, the likeliest first. */
export function fixesFor(problem: Problem, document: NetworkDocument, check: NetworkCheck): Fix[] {
  const { path } = problem
  if (path === '') return wholeFixes(problem)
  const node = nodeAt(document, path)
  if (!node) return []
  switch (problem.code) {
    case 'other-images': {
      const [height, width, channels] = problem.data.images
      return [setting(path, { height, width, channels })]
    }
    case 'other-classes':
      return problem.data.isHead ? [setting(path, { units: problem.data.classes })] : []
    case 'unknown-kind':
      return [...nearKinds(node, path), removal(path, node)]
    case 'further-layer':
      return [removal(path, node)]
    case 'same-name':
    case 'name-taken':
    case 'copy-has-name':
      return [renaming(document, path)]
    case 'no-such-output':
      return [{ label: 'Let the last node leave it', edit: (d) => setOutput(d, path, undefined) }]
    case 'loose-end':
      return [...looseFixes(document, path), removal(path, node)]
    case 'unknown-attribute':
      return [withoutAttributes(path, problem.data.attributes)]
    default:
      return problem.field === 'inputs' ? inputFixes(problem, document, check, node) : attributeFixes(problem, node, check)
  }
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
function wholeFixes({ code, data }: Problem): Fix[] {
  if (code !== 'missing-layer') return []
  if (data.kind === 'input')
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
  if (data.kind === 'softmax-cross-entropy')
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

/** Something is wrong with what enters a node. */
function inputFixes(problem: Problem, document: NetworkDocument, check: NetworkCheck, node: NetworkNode): Fix[] {
  const { path } = problem
  const [level, id] = [parentOf(path), idOf(path)]
  const wired = wiringOf(document, level).nodes.find((own) => own.node.id === id)!
  switch (problem.code) {
    case 'feeds-itself': {
      const { via } = problem.data
      const port = wired.inputs.indexOf(via)
      return port < 0 ? [] : [{ label: `Disconnect it from “${via}”`, edit: (d) => disconnect(d, level, id, port) }]
    }
    case 'unequal-factors':
      return factorFixes(path, document, check).filter((fix) => helps(fix, problem, document))
    case 'unequal-shapes':
    case 'unequal-sides':
      return joinFixes(path, document, check).filter((fix) => helps(fix, problem, document))
    case 'no-logits':
      return [{ label: 'Put a dense layer before it', edit: (d) => insertNodes(d, level, [{ id: 'head', kind: 'dense', attributes: { units: 10 } }], { after: [...wired.inputs], into: { target: id, port: 0 } }) }] // prettier-ignore
    case 'no-such-input':
    case 'does-not-enter': {
      const port = wired.inputs.indexOf(problem.data.reference)
      if (port < 0) return []
      return [
        ...feeding(document, level, id, port).slice(0, 1),
        { label: 'Remove that connection', edit: (current) => disconnect(current, level, id, port) },
      ]
    }
    case 'input-count': {
      const { most, got } = problem.data
      if (got < most) return feeding(document, level, id, wired.inputs.length)
      return [{ label: `Keep the first ${most === 1 ? 'connection' : `${most} connections`}`, edit: (d) => ({ document: keepInputs(d, level, id, most) }) }] // prettier-ignore
    }
    case 'nothing-enters':
      return feeding(document, level, id, wired.inputs.length)
    default:
      return [removal(path, node)]
  }
}

/** Whether the problem is gone then: in a block that is repeated, what fits its first copy may not fit the second. */
function helps(fix: Fix, { path, code, data }: Problem, document: NetworkDocument): boolean {
  const { problems } = checkNetwork(fix.edit(document).document)
  const same = JSON.stringify([path, code, data])
  return !problems.some((other) => JSON.stringify([other.path, other.code, other.data]) === same)
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

const withoutAttributes = (path: string, names: readonly string[]): Fix => ({
  label: `Remove ${names.map((name) => `“${name}”`).join(', ')}`,
  edit: (document) => names.reduce((edited, name) => setAttribute(edited.document, [path], name, undefined), { document }),
})

/** A value does not fit, by itself or to what enters. */
function attributeFixes(problem: Problem, node: NetworkNode, check: NetworkCheck): Fix[] {
  const { path, field } = problem
  const op = ops.get(node.kind)
  if (!op) return []
  const set = (value: unknown, label = `Set ${field} to ${String(value)}`): Fix => ({
    label,
    edit: (document) => setAttribute(document, [path], field, value),
  })
  switch (problem.code) {
    case 'groups-do-not-divide': {
      const { groups, channels, filters = channels } = problem.data
      return [set(greatestDivisor(groups, [channels, filters]))]
    }
    case 'window-does-not-divide':
      return [set(greatestDivisor(problem.data.size, [problem.data.height, problem.data.width]))]
    case 'window-too-large': {
      const least = Math.min(...(check.nodes.get(path)?.inputs[0] ?? [problem.data.side]).slice(0, 2))
      const same = op.attributes.shape['padding'] ? [{ ...setNamed(path, 'padding', 'same'), label: 'Use same padding' }] : []
      return [...same, set(least)]
    }
    case 'does-not-wrap': {
      const { size, stride, height, width } = problem.data
      // No size from the stride to the smaller side is there before the stride is lower.
      if (stride > Math.min(height, width)) return [setNamed(path, 'stride', greatestDivisor(stride, [height, width]))]
      return [set(field === 'size' ? Math.min(Math.max(size, stride), height, width) : greatestDivisor(stride, [height, width]))]
    }
    case 'even-kernel':
      return [set(problem.data.size - 1), set(problem.data.size + 1)]
    case 'fewer-filters':
    case 'more-filters':
      return [set(problem.data.channels)]
    case 'channels-beyond': {
      const { first, channels } = problem.data
      return [field === 'count' ? set(channels - first) : set(channels - 1)]
    }
    default: {
      const start = op.example && field in op.example ? (op.example as Record<string, unknown>)[field] : undefined
      if (start !== undefined) return [set(start)]
      return [set(undefined, `Set ${field} to its default, ${String(usual(node.kind, field))}`)]
    }
  }
}

/** The greatest number up to `most` that divides all of them. */
function greatestDivisor(most: number, sides: readonly number[]): number {
  const common = sides.reduce((a, b) => {
    while (b !== 0) [a, b] = [b, a % b]
    return a
  })
  let k = Math.min(most, common)
  while (k > 1 && common % k !== 0) k--
  return Math.max(1, k)
}

const setNamed = (path: string, name: string, value: unknown): Fix => ({
  label: `Set ${name} to ${String(value)}`,
  edit: (document) => setAttribute(document, [path], name, value),
})

const usual = (kind: string, field: string): unknown => ops.get(kind)?.attributes.shape[field]?.safeParse(undefined).data
