import { isActivation, isNorm } from '../../ops'
import type { ForeignLayer } from './layer'

/** A stretch of a network that lies between two layers through which everything goes. */
export type Segment =
  | { readonly kind: 'layer'; readonly layer: number }
  /** A fork's branches and their join, in order; what leaves it is the last. */
  | { readonly kind: 'block'; readonly layers: readonly number[]; readonly join: number }

/**
 * Cuts a network into single layers and blocks. All of a value goes through layer v exactly where no connection leads from before v to behind it, in any order in which each layer follows its
 * inputs; between two such layers lies a fork with its branches. An activation right behind the join belongs to the block (He et al. 2015); norm and activation that stand
 * between one join and the next fork belong to the block that they lead into (He et al. 2016).
 */
export function segmentsOf(layers: readonly ForeignLayer[]): Segment[] {
  const cuts = cutsOf(layers)
  const segments: Segment[] = []
  for (let c = 0; c < cuts.length; c++) {
    const [before, at] = [c === 0 ? -1 : cuts[c - 1]!, cuts[c]!]
    if (at - before === 1 || before < 0) {
      // Several beginnings are no block: they are told one by one.
      for (let layer = before + 1; layer <= at; layer++) segments.push({ kind: 'layer', layer })
      continue
    }
    segments.push({ kind: 'block', layers: range(before + 1, at), join: at })
  }
  return withTheirActivations(segments, layers)
}

function cutsOf(layers: readonly ForeignLayer[]): number[] {
  /** The furthest layer that a layer up to here feeds. */
  const furthest = layers.map((_, at) => at)
  layers.forEach(({ inputs }, at) => {
    for (const input of inputs) furthest[input] = Math.max(furthest[input]!, at)
  })
  let reach = 0
  return layers.flatMap((_, at) => {
    const isCut = reach <= at
    reach = Math.max(reach, furthest[at]!)
    return isCut ? [at] : []
  })
}

/** Norms of each token's channels. */
const isTokenNorm = ({ kind, attributes }: ForeignLayer): boolean =>
  kind === 'rms-norm' || (kind === 'layer-norm' && attributes['over'] === 'channels')

function withTheirActivations(segments: readonly Segment[], layers: readonly ForeignLayer[]): Segment[] {
  const result: Segment[] = []
  const kindOf = (segment: Segment | undefined): string | undefined =>
    segment?.kind === 'layer' ? layers[segment.layer]!.kind : undefined
  // Where one stands between two blocks, norms stand behind the sums (Vaswani et al. 2017), and the last one's is its block's as well.
  const isBehind = segments.some(
    (segment, at) =>
      segment.kind === 'layer' &&
      isTokenNorm(layers[segment.layer]!) &&
      segments[at - 1]?.kind === 'block' &&
      segments[at + 1]?.kind === 'block',
  )
  for (const segment of segments) {
    const last = result[result.length - 1]
    if (segment.kind === 'layer') {
      const joins = last?.kind === 'block' && last.layers[last.layers.length - 1] === last.join
      if (joins && (isActivation(kindOf(segment)!) || (isBehind && isTokenNorm(layers[segment.layer]!))))
        result[result.length - 1] = { ...last, layers: [...last.layers, segment.layer] }
      else result.push(segment)
      continue
    }
    const leading: number[] = []
    const take = (isOne: (kind: string) => boolean): void => {
      const before = result[result.length - 1]
      if (before?.kind !== 'layer' || !isOne(kindOf(before)!)) return
      leading.unshift(before.layer)
      result.pop()
    }
    take(isActivation)
    take(isNorm)
    // Only what stands behind another block leads into this one; the first block's belongs to the stem.
    if (leading.length > 0 && result[result.length - 1]?.kind === 'block')
      result.push({ ...segment, layers: [...leading, ...segment.layers] })
    else result.push(...leading.map((layer): Segment => ({ kind: 'layer', layer })), segment)
  }
  return result
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)
