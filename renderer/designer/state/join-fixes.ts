import type { NetworkCheck } from '../../../shared/architecture/check'
import type { BlockNode, LayerNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import type { Shape } from '../../../shared/ops'
import type { Fix } from '../designer'
import {
  connect,
  freeId,
  idOf,
  insertNodes,
  isBlock,
  join,
  nodeAt,
  nodesOf,
  parentOf,
  setAttribute,
  setUnit,
  wiringOf,
} from '../edit'

/** Where two tensors that do not fit are added or joined: the skip is made to fit the branch, or the branch the skip. */
export function joinFixes(path: string, document: NetworkDocument, check: NetworkCheck): Fix[] {
  const [level, id] = [parentOf(path), idOf(path)]
  const wired = wiringOf(document, level).nodes.find(({ node }) => node.id === id)!
  const shapes = check.nodes.get(path)?.inputs ?? []
  const port = skipPort(wired.inputs)
  const branch = wired.inputs.findIndex((_, i) => i !== port)
  const [from, to] = [shapes[port], shapes[branch]]
  if (!from || !to || from.length !== 3 || to.length !== 3) return []
  const source = wired.inputs[port]!
  const stride = strideBetween(from, to)
  const fixes: Fix[] = []
  if (nodeAt(document, path)!.kind === 'add') {
    if (stride !== null) {
      if (source.startsWith('$')) fixes.push(...transitionFixes(level, document, to, stride))
      fixes.push({
        label: `Insert a 1×1 convolution on the skip (${stride > 1 ? `stride ${stride}, ` : ''}${to[2]} channels)`,
        edit: (current) => shortcut(current, level, id, port, source, to[2]!, stride),
      })
      if (to[2]! >= from[2]!)
        fixes.push({
          label: 'Insert a padding shortcut (no parameters)',
          edit: (current) =>
            insertNodes(current, level, [{ id: 'shortcut', kind: 'padding-shortcut', attributes: { filters: to[2], stride } }], {
              after: [source],
              into: { target: id, port },
            }),
        })
    }
    if (from[2] !== to[2]) {
      // A shortcut that is there already is told what the branch has, before another is put in.
      const own = lastConvolution(document, level, source)
      if (own) fixes.unshift(matching(document, own, to[2]!))
      const other = lastConvolution(document, level, wired.inputs[branch]!)
      if (other) fixes.push(matching(document, other, from[2]!))
    }
  }
  const strided = stridedLayers(document, level)
  if (strided.length > 0 && (from[0] !== to[0] || from[1] !== to[1]))
    fixes.push({
      label: `Match stride: set ${strided.map((one) => `“${idOf(one)}”`).join(', ')} to stride 1`,
      edit: (current) => setAttribute(current, strided, 'stride', undefined),
    })
  return fixes
}

/** Where an image and what weighs it do not fit: the layer that makes the numbers is told how many channels there are. */
export function factorFixes(path: string, document: NetworkDocument, check: NetworkCheck): Fix[] {
  const [level, id] = [parentOf(path), idOf(path)]
  const { inputs } = wiringOf(document, level).nodes.find(({ node }) => node.id === id)!
  const shapes = check.nodes.get(path)?.inputs ?? []
  const image = shapes.findIndex((shape) => shape?.length === 3 && shape[0]! * shape[1]! > 1)
  const weight = shapes.findIndex((shape, at) => at !== image && shape)
  if (image < 0 || weight < 0) return []
  const layer = lastConvolution(document, level, inputs[weight]!, ['conv2d', 'dense'])
  return layer ? [matching(document, layer, shapes[image]![2]!)] : []
}

/** The input that is the skip: what enters the block, or the one written first. */
function skipPort(inputs: readonly string[]): number {
  const entering = inputs.findIndex((reference) => reference.startsWith('$'))
  return Math.max(0, entering)
}

/** The stride that takes one grid to the other; null where none does. */
function strideBetween([h1, w1]: Shape, [h2, w2]: Shape): number | null {
  const stride = Math.ceil(h1! / h2!)
  return Math.ceil(h1! / stride) === h2 && Math.ceil(w1! / stride) === w2 ? stride : null
}

/** The projection shortcut of He et al. 2015, option B. */
function shortcut(
  document: NetworkDocument,
  level: string,
  target: string,
  port: number,
  source: string,
  filters: number,
  stride: number,
) {
  const convolution: LayerNode = { id: 'conv', kind: 'conv2d', attributes: { filters, size: 1, ...(stride > 1 && { stride }) } }
  const block: BlockNode = { id: 'shortcut', kind: 'block', nodes: [convolution, { id: 'bn', kind: 'batch-norm' }] }
  return insertNodes(document, level, [block], { after: [source], into: { target, port } })
}

/** The paper's way: an identity skip in the block, and before it a transition that is projected as it trains, or pools. */
function transitionFixes(level: string, document: NetworkDocument, to: Shape, stride: number): Fix[] {
  const block = nodeAt(document, level) as BlockNode | undefined
  if (!block || (block.repeat ?? 1) > 1 || stride === 1) return []
  const outer = parentOf(level)
  const strided = stridedLayers(document, level)
  const others = nodesOf(document, outer)!
  const nodes: NetworkNode[] = [{ id: 'conv', kind: 'conv2d', attributes: { filters: to[2], size: 1, stride } }]
  return [
    {
      label: 'Insert a transition before the block (norm-preserving when projected)',
      edit(current) {
        const plain = setAttribute(current, strided, 'stride', undefined).document
        const wired = wiringOf(plain, outer).nodes.find(({ node }) => node.id === block.id)!
        const source = wired.inputs[0]
        const added: BlockNode = { id: freeId('transition1', others), kind: 'block', nodes }
        const { document: inserted, selection } = insertNodes(plain, outer, [added], {
          after: source === undefined ? [] : [source],
          into: { target: block.id, port: 0 },
        })
        const path = selection![0]!
        const connected = source === undefined ? connect(inserted, outer, idOf(path), block.id, 0).document : inserted
        return { document: setUnit(connected, [path], 'transition').document, selection: [path] }
      },
    },
  ]
}

/** Layers of the block that stride, by path. */
function stridedLayers(document: NetworkDocument, level: string): string[] {
  return (nodesOf(document, level) ?? [])
    .filter((node) => Number((node as LayerNode).attributes?.['stride'] ?? 1) > 1 && node.kind !== 'padding-shortcut')
    .map(({ id }) => join(level, id))
}

function matching(document: NetworkDocument, layer: string, channels: number): Fix {
  const attribute = nodeAt(document, layer)!.kind === 'dense' ? 'units' : 'filters'
  return {
    label: `Match channels: give “${idOf(layer)}” ${channels} ${attribute}`,
    edit: (current) => setAttribute(current, [layer], attribute, channels),
  }
}

/** The layer of these kinds that decides a value's channels, going back from its end within the block, and into blocks on the way. */
function lastConvolution(
  document: NetworkDocument,
  level: string,
  end: string,
  kinds: readonly string[] = ['conv2d'],
): string | null {
  const { nodes } = wiringOf(document, level)
  for (let id: string | undefined = end, left = nodes.length; id !== undefined && left > 0; left--) {
    const wired = nodes.find(({ node }) => node.id === id)
    if (!wired) return null
    const path = join(level, wired.node.id)
    if (kinds.includes(wired.node.kind)) return path
    if (isBlock(wired.node)) {
      const { leaving } = wiringOf(document, path)
      const inside = leaving === undefined || wired.node.unit === 'block' ? null : lastConvolution(document, path, leaving, kinds)
      if (inside) return inside
    }
    if (wired.inputs.length !== 1) return null
    id = wired.inputs[0]
  }
  return null
}
