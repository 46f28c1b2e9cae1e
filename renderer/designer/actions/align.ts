import { greatest, least } from '../../../shared/extent'
import type { DrawnNode } from '../canvas/drawing'
import { placeFromDrawn } from '../canvas/geometry'
import type { Edit } from '../designer'
import { placeNodes } from '../edit'

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom' | 'rows' | 'columns'

/** Draws nodes of one block in a line, or at equal distances. */
export function align(chosen: readonly DrawnNode[], alignment: Alignment): Edit {
  const left = least(chosen.map(({ x }) => x))
  const top = least(chosen.map(({ y }) => y))
  const right = greatest(chosen.map(({ x, width }) => x + width))
  const bottom = greatest(chosen.map(({ y, height }) => y + height))
  const places = new Map<string, readonly [number, number]>()
  const put = ({ id, parent }: DrawnNode, x: number, y: number): void => {
    places.set(id, placeFromDrawn(parent, x, y))
  }
  if (alignment === 'rows' || alignment === 'columns') {
    const isRows = alignment === 'rows'
    const sorted = [...chosen].sort((a, b) => (isRows ? a.y - b.y : a.x - b.x))
    const lengths = sorted.map(({ width, height }) => (isRows ? height : width))
    const gap = ((isRows ? bottom - top : right - left) - lengths.reduce((sum, length) => sum + length, 0)) / (sorted.length - 1)
    let at = isRows ? top : left
    sorted.forEach((node, i) => {
      if (isRows) put(node, node.x, at)
      else put(node, at, node.y)
      at += lengths[i]! + gap
    })
  } else
    for (const node of chosen) {
      const { x, y, width, height } = node
      const across = { left, centre: (left + right - width) / 2, right: right - width } as Partial<Record<Alignment, number>>
      const along = { top, middle: (top + bottom - height) / 2, bottom: bottom - height } as Partial<Record<Alignment, number>>
      put(node, across[alignment] ?? x, along[alignment] ?? y)
    }
  return (document) => placeNodes(document, places)
}
