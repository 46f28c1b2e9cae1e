import type { ExpandedNetwork } from '../../../shared/architecture'
import { type Sliding, reach } from '../../../shared/ops/padding'

const POOLS: ReadonlySet<string> = new Set(['max-pool', 'average-pool', 'l2-pool'])
const SLIDES: ReadonlySet<string> = new Set(['conv2d', 'depthwise-conv2d', ...POOLS])

/**
 * What to be told where weights in PyTorch's layout are taken for convolutions and pools whose windows lie elsewhere than PyTorch's: with a stride
 * SAME puts an odd zero behind, `padding=k // 2` puts as many in front. Nothing where they lie alike.
 */
export function paddedOtherwise({ layers }: ExpandedNetwork): string[] {
  const names = layers.flatMap(({ name, op, attributes, inputShapes }) => {
    if (!SLIDES.has(op.kind)) return []
    const sliding = attributes as unknown as Sliding
    const sides = inputShapes[0]!.slice(0, 2)
    const isElsewhere = POOLS.has(op.kind) ? poolsElsewhere : liesElsewhere
    return sliding.padding === 'same' && sides.some((side) => isElsewhere(side, sliding)) ? [name] : []
  })
  if (names.length === 0) return []
  const others = names.length > 1 ? ` and ${names.length - 1} more` : ''
  return [
    `${names[0]!}${others} would slide over other pixels than in PyTorch, since padding “same” puts the odd zero of a stride behind; unless the weights were trained so, use the network with padding=symmetric`,
  ]
}

const zerosOfSame = (side: number, sliding: Sliding): number =>
  Math.max(0, (Math.ceil(side / sliding.stride) - 1) * sliding.stride + reach(sliding) - side)

/** A pool that reaches over no edge is PyTorch's own usual one, which has no padding. */
const poolsElsewhere = (side: number, sliding: Sliding): boolean => zerosOfSame(side, sliding) > 0 && liesElsewhere(side, sliding)

function liesElsewhere(side: number, sliding: Sliding): boolean {
  const { stride } = sliding
  const zeros = zerosOfSame(side, sliding)
  return stride > 1 && Math.floor(zeros / 2) !== Math.floor(reach(sliding) / 2)
}
