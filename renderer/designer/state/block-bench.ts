import { checkNetwork } from '../../../shared/architecture/check'
import { type BlockNode, DOCUMENT_VERSION, type NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import { BLOCK_VERSION, type BlockDocument } from '../../../shared/library'

/** Channels that blocks are mostly made for. */
const CHANNELS = [16, 32, 64, 24, 48, 128, 256, 3, 8, 12, 512]

/** A block of the library with a network around it, so that it can be looked at, checked and measured: an input that fits it, and a head. */
export function benchOf({ name, node }: BlockDocument): NetworkDocument {
  const around = (channels: number): NetworkDocument => ({
    format: 'normlab/network',
    version: DOCUMENT_VERSION,
    name,
    nodes: [
      { id: 'input', kind: 'input', attributes: { height: 32, width: 32, channels } },
      { ...node, inputs: ['input'] },
      { id: 'pool', kind: 'global-average-pool' },
      { id: 'head', kind: 'dense', attributes: { units: 10 } },
      { id: 'loss', kind: 'softmax-cross-entropy' },
    ],
  })
  const fitting = CHANNELS.find((channels) => checkNetwork(around(channels)).problems.length === 0)
  return around(fitting ?? CHANNELS[0]!)
}

/** The block of a bench, to be kept; null where the bench has none any more. */
export function blockOf({ name, nodes }: NetworkDocument): BlockDocument | null {
  const block = nodes.find((node): node is BlockNode => node.kind === 'block')
  if (!block) return null
  const { inputs: _, at: __, ...node } = block
  return { format: 'normlab/block', version: BLOCK_VERSION, name, node: node as BlockNode }
}

/** @throws UserError for an edit of a bench that changes what stands around the block: only the block is kept. */
export function keepBench(before: NetworkDocument, after: NetworkDocument): void {
  const around = ({ nodes }: NetworkDocument): string =>
    JSON.stringify(nodes.filter(({ kind }) => kind !== 'block').map(({ inputs: _, at: __, ...rest }) => rest))
  const blocks = after.nodes.filter(({ kind }) => kind === 'block').length
  if (blocks !== 1 || around(before) !== around(after))
    throw new UserError('here only the block is kept, not what stands around it', {
      remedy: 'change what is in the block, or use it in a network',
    })
}
