import type { ExpandedNetwork } from '../../../shared/architecture'
import { type Sliding, reach } from '../../../shared/ops/padding'

/**
 * What to be told where weights in PyTorch's layout are taken for convolutions whose windows lie elsewhere than PyTorch's: with a stride
 * SAME puts an odd zero behind, `padding=k // 2` puts as many in front. Nothing where they lie alike.
 */
export function paddedOtherwise({ layers }: ExpandedNetwork): string[] {
  const names = layers.flatMap(({ name, op, attributes, inputShapes }) => {
    if (op.kind !== 'conv2d' && op.kind !== 'depthwise-conv2d') return []
    const sliding = attributes as unknown as Sliding
    const sides = inputShapes[0]!.slice(0, 2)
    return sliding.padding === 'same' && sides.some((side) => liesElsewhere(side, sliding)) ? [name] : []
  })
  if (names.length === 0) return []
  const others = names.length > 1 ? ` and ${names.length - 1} more` : ''
  return [
    `${names[0]!}${others} would slide over other pixels than in PyTorch, since padding “same” puts the odd zero of a stride behind; unless the weights were trained so, use the network with padding=symmetric`,
  ]
}

function liesElsewhere(side: number, sliding: Sliding): boolean {
  const { stride } = sliding
  const zeros = Math.max(0, (Math.ceil(side / stride) - 1) * stride + reach(sliding) - side)
  return stride > 1 && Math.floor(zeros / 2) !== Math.floor(reach(sliding) / 2)
}
