/** Profile and heat map stand above each other and share the axis of blocks: the same margins, the same mapping. */
export const PLOT_LEFT = 56
export const PLOT_RIGHT = 16

/** The units in view, as indices from 0; both included. */
export interface BlockView {
  readonly from: number
  readonly to: number
}

/** Horizontal middle of a unit, CSS pixels from the frame's left edge. */
export function blockX(index: number, view: BlockView, width: number): number {
  return PLOT_LEFT + ((index - view.from + 0.5) / (view.to - view.from + 1)) * plotWidth(width)
}

/** The unit under a pixel, or null outside of the plot. */
export function blockAt(x: number, view: BlockView, width: number): number | null {
  const share = (x - PLOT_LEFT) / plotWidth(width)
  if (share < 0 || share >= 1) return null
  return Math.min(view.to, view.from + Math.floor(share * (view.to - view.from + 1)))
}

export function plotWidth(width: number): number {
  return Math.max(1, width - PLOT_LEFT - PLOT_RIGHT)
}

/** The view after turning the wheel at a unit: it stays under the pointer. */
export function zoomed(view: BlockView, count: number, at: number, factor: number): BlockView {
  const width = view.to - view.from + 1
  const wanted = Math.min(count, Math.max(Math.min(4, count), Math.round(width * factor)))
  const share = (at - view.from + 0.5) / width
  const from = Math.min(count - wanted, Math.max(0, Math.round(at + 0.5 - share * wanted)))
  return { from, to: from + wanted - 1 }
}

/** Steps for the labels of an axis from `from` to `to`, about `wanted` of them. */
export function tickStep(span: number, wanted: number): number {
  const rough = Math.max(1, span / Math.max(1, wanted))
  const decade = 10 ** Math.floor(Math.log10(rough))
  return Math.max(1, Math.round(([1, 2, 5, 10].find((factor) => factor * decade >= rough) ?? 10) * decade))
}
