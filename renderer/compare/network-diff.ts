import type { NetworkSummary } from '../../shared/api'

/** A line of the difference between two networks' layers: in both, in the first alone, in the second alone, or changed. */
export interface LayerDifference {
  readonly kind: 'same' | 'removed' | 'added' | 'changed'
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

type Layer = NetworkSummary['layers'][number]
const told = ({ kind, shape, parameters }: Layer): string =>
  `${kind} → ${shape.join('×')}${parameters > 0 ? `, ${parameters} parameters` : ''}`

/** Layers matched by their names, in the order of the first network, then what the second adds where it adds it. */
export function networkDifference(before: readonly Layer[], after: readonly Layer[]): LayerDifference[] {
  const first = new Map(before.map((layer) => [layer.name, layer]))
  const second = new Map(after.map((layer) => [layer.name, layer]))
  const result: LayerDifference[] = []
  let place = 0
  const addUpTo = (name: string | null): void => {
    const end = name === null ? after.length : after.findIndex((layer) => layer.name === name)
    for (; place < end; place++) {
      const layer = after[place]!
      if (!first.has(layer.name)) result.push({ kind: 'added', name: layer.name, before: null, after: told(layer) })
    }
  }
  for (const layer of before) {
    const other = second.get(layer.name)
    if (!other) {
      result.push({ kind: 'removed', name: layer.name, before: told(layer), after: null })
      continue
    }
    addUpTo(layer.name)
    const [old, now] = [told(layer), told(other)]
    result.push({ kind: old === now ? 'same' : 'changed', name: layer.name, before: old, after: now })
  }
  addUpTo(null)
  return result
}
