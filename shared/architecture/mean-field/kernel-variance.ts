import type { Initialiser } from '../../configuration'
import { elements, type ParameterSpec } from '../../ops/op'
import type { Layer } from '../expand'
import { kernelGroups } from '../kernel-groups'

export type Fans = Exclude<ParameterSpec['start'], { readonly value: number } | { readonly deviation: number }>

/**
 * Standard deviation of a kernel's initial entries: He et al. 2015 sqrt(2/fan), fan-out as the paper's published code has it; Glorot and
 * Bengio 2010 sqrt(2/(fan-in + fan-out)); LeCun et al. 1998 sqrt(1/fan-in). With He's, a dense kernel has sqrt(1/fan-in), since no
 * ReLU follows the last one.
 */
export function initialDeviation({ fanIn, fanOut, layer }: Fans, init: Initialiser): number {
  if (init.startsWith('glorot')) return Math.sqrt(2 / (fanIn + fanOut))
  if (init.startsWith('lecun') || layer === 'dense') return Math.sqrt(1 / fanIn)
  return Math.sqrt(2 / (init.endsWith('fan-in') ? fanIn : fanOut))
}

/** Variance of the entries of a layer's kernel as they are drawn, and whether its central tap alone has any. */
export function kernelVariance(
  layer: Layer,
  { shape, start }: ParameterSpec,
  init: Initialiser,
): { variance: number; isCentral: boolean } {
  if ('value' in start) return { variance: start.value ** 2, isCentral: false }
  if ('deviation' in start) return { variance: start.deviation ** 2, isCentral: false }
  const factor = (start.factor ?? 1) ** 2
  if (init === 'orthogonal' || init === 'delta-orthogonal') {
    const isCentral = init === 'delta-orthogonal' && shape.length === 4
    const { groups, taps, leaving } = kernelGroups(layer, shape)
    const rows = elements(shape) / (groups * leaving)
    return { variance: factor / Math.max(isCentral ? rows / taps : rows, leaving), isCentral }
  }
  return { variance: factor * initialDeviation(start, init) ** 2, isCentral: false }
}
