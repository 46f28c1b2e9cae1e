import type { Layer } from '../expand'
import { around } from '../../ops/orthogonal-kernel'

/**
 * A layer that makes its kernel of what it learns, as programs have it that know no such layers: as it computes, with the kernel that was made, around the image's edges.
 * What is put there is told in pixels before and behind.
 */
export type MadeLayer =
  | { readonly as: 'convolution'; readonly before: number; readonly behind: number }
  /** x − 2Kᵀ·ReLU(Kx + b). */
  | { readonly as: 'reflections'; readonly before: number; readonly behind: number }
  /** x + Jx + J²x/2! + …, zeros around: with those no single convolution. */
  | { readonly as: 'series'; readonly channels: number; readonly inner: number; readonly filters: number; readonly terms: number }

export function madeLayer({ op, attributes, inputShapes }: Layer): MadeLayer | undefined {
  const { size, stride = 1, filters, terms } = attributes as Record<'size' | 'filters' | 'terms', number> & { stride?: number }
  const [before, behind] = around(size, stride)
  switch (op.kind) {
    case 'orthogonal-conv2d':
      return { as: 'convolution', before, behind }
    case 'reflection-conv2d':
      return { as: 'reflections', before, behind }
    case 'skew-conv2d': {
      // Of a single pixel the series is a matrix.
      if (size === 1) return { as: 'convolution', before: 0, behind: 0 }
      const channels = inputShapes[0]![2]!
      return { as: 'series', channels, inner: Math.max(channels, filters), filters, terms }
    }
    default:
      return undefined
  }
}

const LATER = 'training it further elsewhere does not keep it orthogonal'
const SENTENCES: Readonly<Record<MadeLayer['as'], string>> = {
  convolution: `written as a convolution with the kernel that its parametrisation gives; ${LATER}`,
  reflections: `written as x − 2Kᵀ·ReLU(Kx + b) with the kernel K that its parametrisation gives; ${LATER}`,
  series: `written as the series of convolutions that it is, with the kernel that its parametrisation gives; ${LATER}`,
}

/** What becomes of layers that make their kernels, in sentences: `3 × Reflections: written as …`. @param more Of a form, what else is to be said. @param other A sentence of another layer. */
export function madeNotes(
  layers: readonly Layer[],
  more: Readonly<Partial<Record<MadeLayer['as'], string>>>,
  other: (layer: Layer) => string | undefined,
): string[] {
  const told = new Map<string, number>()
  for (const layer of layers) {
    const made = madeLayer(layer)
    const sentence = made ? [SENTENCES[made.as], more[made.as]].filter(Boolean).join('; ') : other(layer)
    if (sentence === undefined) continue
    const text = `${layer.op.title}: ${sentence}`
    told.set(text, (told.get(text) ?? 0) + 1)
  }
  return [...told].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`))
}
