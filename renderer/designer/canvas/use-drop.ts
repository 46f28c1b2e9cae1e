import { shallowRef } from 'vue'
import type { Designer, PaletteEntry } from '../designer'
import { HEAD, PAD } from './geometry'
import type { Flow } from './use-flow'

/** A place in a block, pixels from its inner corner. */
export interface DropPlace {
  readonly level: string
  readonly x: number
  readonly y: number
}

/** Takes what is dragged from the palette: onto a connection, or to a free place. */
export function useDrop(
  designer: Designer,
  flow: Flow,
  place: (entry: PaletteEntry, at: DropPlace, into: string | null) => void,
) {
  const entered = shallowRef<string | null>(null)
  const edgeAt = (x: number, y: number): string | null =>
    document.elementFromPoint(x, y)?.closest('[data-edge]')?.getAttribute('data-edge') ?? null

  /** The innermost opened block under a point. */
  function placeAt(clientX: number, clientY: number): DropPlace {
    const { x, y } = flow.toDrawing(clientX, clientY)
    let found: DropPlace = { level: '', x: Math.round(x), y: Math.round(y) }
    for (const { id, role, width, height } of flow.drawing.value.nodes) {
      if (role !== 'open') continue
      const corner = flow.corners.value.get(id)!
      if (x < corner.x || y < corner.y || x > corner.x + width || y > corner.y + height) continue
      found = { level: id, x: Math.round(x - corner.x - PAD), y: Math.round(y - corner.y - HEAD) }
    }
    return found
  }

  return {
    entered,
    over(event: DragEvent): void {
      if (!designer.dragged.value || designer.readOnly.value !== null) return
      event.preventDefault()
      entered.value = edgeAt(event.clientX, event.clientY)
    },
    leave: () => (entered.value = null),
    drop(event: DragEvent): void {
      const entry = designer.dragged.value
      entered.value = null
      designer.dragged.value = null
      if (!entry || designer.readOnly.value !== null) return
      event.preventDefault()
      place(entry, placeAt(event.clientX, event.clientY), edgeAt(event.clientX, event.clientY))
    },
  }
}
