import { UserError } from '../../errors'
import type { NetworkNode } from '../document'
import { block, chain, headNodes, inputNode, layer } from './pieces'
import { blocksOption, plainRecipe, type Preset, widthsOption } from './preset'

/** A piece of a block: its convolution widens from one number of channels to another. */
interface Piece {
  readonly number: number | ''
  /** The node that it reads; what stands before it where undefined. */
  readonly from?: string
  readonly entering: number
  readonly width: number
  readonly stride: number
  /** Pixels of the shorter side of what it reads. */
  readonly side: number
}

/** A kernel that wraps around is no larger than its image. */
const windowOf = ({ stride, side }: Piece): object => ({
  size: Math.max(stride, Math.min(3, side)),
  ...(stride !== 1 && { stride }),
})

/** An orthogonal convolution and |x|: a Jacobian that is orthogonal, as the slopes are 1 or −1. */
const orthogonalPiece = (piece: Piece): NetworkNode[] => [
  layer(`conv${piece.number}`, 'orthogonal-conv2d', { filters: piece.width, ...windowOf(piece), bias: true }),
  layer(`abs${piece.number}`, 'abs'),
]

/** Reflections, which leave side and width as they are; the other piece where these change. */
const reflectingPiece = (piece: Piece): NetworkNode[] =>
  piece.stride === 1 && piece.entering === piece.width
    ? [layer(`reflect${piece.number}`, 'reflection-conv2d', { filters: piece.width, ...windowOf(piece), bias: true })]
    : orthogonalPiece(piece)

/** How many of so many channels are kept: at least one, and not all. */
const keptOf = (width: number, share: number): number => Math.min(Math.max(1, Math.round(share * width)), width - 1)

/**
 * The first channels are kept: they are turned by an orthogonal convolution, the free channels' is added, and |x| taken. The free ones read themselves alone. So a change
 * in the kept channels stays in them and keeps its norm, whatever the free ones do.
 */
function keepingPiece(piece: Piece, share: number, activation: string): NetworkNode[] {
  const { number, from, entering, width } = piece
  const kept = keptOf(width, share)
  const at = windowOf(piece)
  // The images are no channels of a block: both parts of the stem read them whole.
  const [own, free] =
    from === undefined ? ['$input', '$input'] : [`kept${number}`, `free${number}`] // prettier-ignore
  const first = from === undefined ? 0 : keptOf(entering, share)
  return [
    ...(from === undefined
      ? []
      : [layer(own, 'channels', { count: first }, [from]), layer(free, 'channels', { first, count: entering - first }, [from])]),
    layer(`turn${number}`, 'orthogonal-conv2d', { filters: kept, ...at, bias: true }, [own]),
    ...(from === undefined
      ? []
      : [
          layer(`feed${number}`, 'conv2d', { filters: kept, ...at }, [free]),
          layer(`sum${number}`, 'add', {}, [`turn${number}`, `feed${number}`]),
        ]),
    layer(`abs${number}`, 'abs'),
    layer(`conv${number}`, 'conv2d', { filters: width - kept, ...at, bias: true }, [free]),
    layer(`${activation}${number}`, activation),
    layer(`join${number}`, 'concatenate', {}, [`abs${number}`, `${activation}${number}`]),
  ]
}

export const isometric: Preset = {
  name: 'isometric',
  title: 'Isometric network',
  description:
    'No norms and no skips: a Jacobian that keeps norms by construction at every step of training, in all directions or in a subspace that all blocks share (after Massucco, Murari and Schönlieb 2025).',
  example: 'isometric:blocks=3,form=subspace',
  options: [
    blocksOption(),
    widthsOption,
    {
      name: 'form',
      description:
        'plain: orthogonal convolutions and |x|; reflections: layers x − 2Kᵀ·ReLU(Kx + b); subspace: a share of the channels keeps norms, the others are free',
      default: 'plain',
      type: 'word',
      words: ['plain', 'reflections', 'subspace'],
    },
    {
      name: 'kept',
      description: 'with form=subspace: share of the channels that keep norms, at least one and not all',
      default: '0.5',
      type: 'decimal',
      least: 0,
      most: 1,
    },
    {
      name: 'activation',
      description: 'with form=subspace: activation of the free channels',
      default: 'relu',
      type: 'word',
      words: ['relu', 'tanh', 'gelu'],
    },
  ],
  depth: { perBlock: 6, constant: 2, option: 'blocks' },
  recommended: plainRecipe,
  nodes({ input, classes, number, list, word, decimal }) {
    const [n, form, widths] = [number('blocks'), word('form'), list('widths')]
    if (form === 'subspace' && widths.includes(1))
      throw new UserError('widths=1 leaves no channel free beside the one that is kept', { remedy: 'use widths of 2 or more' })
    const pieceOf = (piece: Piece): NetworkNode[] => {
      if (form === 'subspace') return keepingPiece(piece, decimal('kept'), word('activation'))
      return form === 'reflections' ? reflectingPiece(piece) : orthogonalPiece(piece)
    }
    const pair = (entering: number, width: number, stride: number, side: number): NetworkNode[] => [
      ...pieceOf({ number: 1, from: '$input', entering, width, stride, side }),
      ...pieceOf({ number: 2, from: 'join1', entering: width, width, stride: 1, side: Math.ceil(side / stride) }),
    ]
    const whole = Math.min(input[0], input[1])
    const stages = widths.map((width, s) => {
      const [entering, side] = [widths[Math.max(0, s - 1)]!, Math.ceil(whole / 2 ** s)]
      const equal = pair(width, width, 1, side)
      return block(
        `stage${s + 1}`,
        s === 0
          ? chain('block', n, equal)
          : [
              block('block1', pair(entering, width, 2, Math.ceil(whole / 2 ** (s - 1))), { unit: 'block' }),
              ...chain('block', n - 1, equal, 2),
            ],
      )
    })
    return [
      inputNode(input),
      block('stem', pieceOf({ number: '', entering: input[2], width: widths[0]!, stride: 1, side: whole })),
      ...stages,
      layer('pool', 'global-average-pool'),
      ...headNodes(classes),
    ]
  },
}
