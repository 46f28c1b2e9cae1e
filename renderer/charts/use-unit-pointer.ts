import { shallowRef } from 'vue'
import { blockAt, zoomed, type BlockView } from './plot-frame'

/** A chart with an axis of units, as far as the pointer is concerned. */
interface UnitChart {
  /** The units that are drawn. */
  readonly view: () => BlockView
  readonly hover: (unit: number | null) => void
}

/** Where the pointer is over a chart of units, and which unit that is. */
export function useUnitPointer({ view, hover }: UnitChart) {
  /** CSS pixels from the frame's upper left corner; where the tooltip stands. */
  const place = shallowRef<{ x: number; y: number } | null>(null)

  function move(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    place.value = { x: event.clientX - box.left, y: event.clientY - box.top }
    hover(blockAt(place.value.x, view(), box.width))
  }
  function leave(): void {
    place.value = null
    hover(null)
  }
  return { place, move, leave }
}

/** The view after Ctrl and the wheel, about the hovered unit or the middle; null where the wheel means something else, which is left to it. */
export function wheelZoom(event: WheelEvent, view: BlockView, count: number, hovered: number | null): BlockView | null {
  if (!event.ctrlKey && !event.metaKey) return null
  event.preventDefault()
  return zoomed(view, count, hovered ?? Math.round((view.from + view.to) / 2), event.deltaY > 0 ? 1.25 : 0.8)
}
