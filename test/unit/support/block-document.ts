import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { Random } from '../../../shared/random'

/**
 * A small valid network that a seed decides, of blocks in blocks: chains and skips, repeats, second inputs, outputs that are not the
 * last node, inputs written out and left to the order.
 */
export function blockDocument(seed: number): NetworkDocument {
  const random = new Random(seed)
  const integer = (least: number, most: number): number => least + random.integer(most - least + 1)
  const chance = (): boolean => random.integer(2) === 0
  const channels = integer(2, 4)

  /** Layers in a chain that keep the shape; the first may say where it comes from. */
  const chain = (prefix: string, count: number): NetworkNode[] =>
    Array.from({ length: count }, (_, i): NetworkNode => {
      const id = `${prefix}${i}`
      switch (random.integer(4)) {
        case 0:
          return { id, kind: 'relu' }
        case 1:
          return { id, kind: 'batch-norm', ...(chance() && { attributes: { epsilon: 1e-3 } }) }
        case 2:
          return { id, kind: 'conv2d', attributes: { filters: channels, size: integer(1, 3) } }
        default:
          return { id, kind: 'depthwise-conv2d', ...(chance() && { attributes: {} }) }
      }
    })

  const inside = (depth: number): Pick<BlockNode, 'nodes' | 'output'> => {
    const nodes = chain('layer', integer(1, 3))
    if (chance()) nodes[0]!.inputs = ['$input']
    if (depth > 0 && chance()) nodes.push(block('inner', depth - 1))
    if (chance()) {
      const branch = nodes[nodes.length - 1]!.id
      const sum: NetworkNode = { id: 'sum', kind: 'add', inputs: chance() ? ['$input', branch] : [branch, '$input0'] }
      // Where the list does not decide, the sum may stand first and leave the block all the same.
      if (nodes[0]!.inputs && chance()) return { nodes: [sum, ...nodes], output: 'sum' }
      nodes.push(sum)
    }
    return { nodes }
  }

  const block = (id: string, depth: number): BlockNode => ({
    id,
    kind: 'block',
    ...(chance() && { unit: (['stem', 'block', 'transition'] as const)[random.integer(3)]! }),
    ...(chance() && { repeat: integer(1, 4), ...(chance() && { first: integer(0, 3) }) }),
    ...inside(depth),
  })

  const nodes: NetworkNode[] = [
    { id: 'input', kind: 'input', attributes: { height: integer(4, 8), width: integer(4, 8), channels } },
    ...Array.from({ length: integer(1, 3) }, (_, i) => (chance() ? block(`part${i}x`, 2) : chain(`plain${i}x`, 1)[0]!)),
  ]
  if (chance()) {
    const second: BlockNode = { id: 'two', kind: 'block', inputs: [nodes[nodes.length - 1]!.id, 'input'], nodes: [{ id: 'sum', kind: 'add', inputs: ['$input', '$input1'] }] } // prettier-ignore
    nodes.push(chance() ? { ...second, repeat: integer(1, 3) } : second)
  }
  nodes.push({ id: 'head', kind: 'dense', attributes: { units: 3 } }, { id: 'loss', kind: 'softmax-cross-entropy' })
  return { format: 'normlab/network', version: 1, name: `blocks ${seed}`, nodes }
}

/** The document with one thing changed that a seed decides, which may break it or not. */
export function spoiled(document: NetworkDocument, seed: number): NetworkDocument {
  const copy = JSON.parse(JSON.stringify(document)) as NetworkDocument
  const random = new Random(seed)
  const lists: NetworkNode[][] = []
  const collect = (nodes: NetworkNode[]): void => {
    lists.push(nodes)
    for (const node of nodes) if (node.kind === 'block') collect((node as BlockNode).nodes)
  }
  collect(copy.nodes)
  const list = lists[random.integer(lists.length)]!
  const node = list[random.integer(list.length)]!
  const other = list[random.integer(list.length)]!
  switch (random.integer(8)) {
    case 0:
      node.inputs = [other.id]
      break
    case 1:
      node.inputs = []
      break
    case 2:
      if (list.length > 1) list.splice(list.indexOf(node), 1)
      break
    case 3:
      node.id = other.id
      break
    case 4:
      if (node.kind === 'block') (node as BlockNode).output = random.integer(2) ? other.id : 'nobody'
      else node.kind = ['conv2d', 'add', 'dense', 'nothing'][random.integer(4)]!
      break
    case 5:
      if (node.kind !== 'block') Object.assign(node, { attributes: { filters: 5, size: 9, stride: 2, padding: 'valid' } })
      break
    case 6:
      node.inputs = ['$input', other.id]
      break
    default:
      list.push({ id: 'extra', kind: 'l2-pool', inputs: [other.id] })
  }
  return copy
}
