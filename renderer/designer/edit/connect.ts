import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { enteringIndex } from '../../../shared/architecture/level'
import type { NetworkCheck } from '../../../shared/architecture/check'
import { UserError } from '../../../shared/errors'
import { ops } from '../../../shared/ops'
import type { Edited } from '../designer'
import { join } from './tree'
import { isDownstream, rewire, type Wiring, wiringOf } from './wiring'

/** Stands for where a block's value leaves it, as the target of a connection. */
export const EXIT = '>out'

/** The most inputs that a node takes: of a layer its kind's, of a block any. */
export function mostInputs(node: NetworkNode): number {
  return node.kind === 'block' ? 64 : (ops.get(node.kind)?.arity[1] ?? 64)
}

/**
 * Connects what leaves a node (or enters the block, `$input`) to an input of another, or to where the block's value leaves it.
 *
 * @param port Its how-manieth input, which is replaced; one more than it has to add one.
 * @throws UserError where that would make a circle, or the node takes no more.
 */
export function connect(document: NetworkDocument, level: string, source: string, target: string, port?: number): Edited {
  const changed = rewire(document, level, (wiring) => {
    if (target === EXIT) return { ...wiring, leaving: source }
    const refusal = whyNot(wiring, source, target)
    if (refusal) throw new UserError(refusal)
    return {
      ...wiring,
      nodes: wiring.nodes.map((wired) => {
        if (wired.node.id !== target) return wired
        const inputs = [...wired.inputs]
        const most = mostInputs(wired.node)
        const at = port ?? (most === 1 ? 0 : inputs.length)
        if (at >= most) throw new UserError(`“${target}” takes no more inputs`, { remedy: 'take one of them away first' })
        inputs[Math.min(at, inputs.length)] = source
        return { ...wired, inputs }
      }),
    }
  })
  return { document: changed, ...(target !== EXIT && { selection: [join(level, target)] }) }
}

/** Takes the connection at an input away. */
export function disconnect(document: NetworkDocument, level: string, target: string, port: number): Edited {
  return {
    document: rewire(document, level, (wiring) => ({
      ...wiring,
      nodes: wiring.nodes.map((wired) =>
        wired.node.id === target ? { ...wired, inputs: wired.inputs.filter((_, i) => i !== port) } : wired,
      ),
    })),
  }
}

/** Why the two cannot be connected; null where they can. */
export function whyNot(wiring: Wiring, source: string, target: string): string | null {
  const node = wiring.nodes.find((wired) => wired.node.id === target)?.node
  if (!node) return `there is no node “${target}” in the block`
  if (ops.get(node.kind)?.arity[1] === 0) return 'nothing enters the network’s input'
  if (isDownstream(wiring, source, target)) return `“${target}” would feed itself`
  return null
}

/** A node that a connection may go to, and the input that it would take. */
export interface Target {
  readonly id: string
  readonly port: number
  /** It has a connection there already, which would go. */
  readonly replaces: boolean
}

/** The inputs that a connection from `source` may go to: no circles, and no image where a vector is wanted. */
export function targetsOf(document: NetworkDocument, level: string, source: string, check: NetworkCheck): Target[] {
  const wiring = wiringOf(document, level)
  const shape = enteringIndex(source) === null ? (check.nodes.get(join(level, source))?.output ?? null) : null
  const found = wiring.nodes.flatMap(({ node, inputs }): Target[] => {
    if (node.id === source || whyNot(wiring, source, node.id) !== null || inputs.includes(source)) return []
    if (shape && !takesRank(node, shape.length)) return []
    const most = mostInputs(node)
    const port = most === 1 ? 0 : inputs.length
    return port < most ? [{ id: node.id, port, replaces: port < inputs.length }] : []
  })
  const isNode = enteringIndex(source) === null
  return level !== '' && isNode && wiring.leaving !== source ? [...found, { id: EXIT, port: 0, replaces: true }] : found
}

/** Layers that want height, width and channels. */
const IMAGES = new Set(
  [...ops.values()].filter(({ category, kind }) => category === 'Pooling' || /conv2d|batch-norm|duplicate|padding/.test(kind)).map(({ kind }) => kind), // prettier-ignore
)

function takesRank({ kind }: NetworkNode, rank: number): boolean {
  if (kind === 'softmax-cross-entropy') return rank === 1
  return rank === 3 || (rank === 1 && !IMAGES.has(kind))
}
