interface Size {
  readonly width: number
  readonly height: number
}
interface Room extends Size {
  readonly left: number
  readonly top: number
}

/** The small map, pixels. */
export const MAP: Size = { width: 168, height: 120 }
/** From the canvas's edge to what lies along it, and from there to the nodes. */
const EDGE = 10
/** The strip along the lower edge where the legend of the ratios lies, once there are any. */
const LEGEND = 44

/** Whether the canvas is large enough for a small map beside the network, and not over it. */
export const hasRoomForMap = ({ width, height }: Size): boolean => width >= 3 * MAP.width && height >= 3 * MAP.height

/**
 * Where a whole network goes so that neither legend nor map lies over it, and how large: of the rooms that they leave, the one
 * where it is largest.
 *
 * @param margin Left around the network, pixels.
 */
export function wholeView(network: Size, canvas: Size, hasMap: boolean, margin: number): { x: number; y: number; zoom: number } {
  const views = roomsOf(canvas, hasMap && hasRoomForMap(canvas)).map(({ left, top, width, height }) => {
    const zoom = Math.min(1.1, Math.max(1, width - 2 * margin) / network.width, Math.max(1, height - 2 * margin) / network.height)
    return { x: left + (width - network.width * zoom) / 2, y: top + (height - network.height * zoom) / 2, zoom }
  })
  return views.reduce((best, view) => (view.zoom > best.zoom ? view : best))
}

/** The room in the middle first: it is taken where no other is better. */
function roomsOf({ width, height }: Size, hasMap: boolean): Room[] {
  const above = { left: 0, top: 0, width, height: height - LEGEND }
  if (!hasMap) return [above]
  const side = MAP.width + 2 * EDGE
  return [
    { ...above, left: side, width: width - 2 * side },
    { ...above, width: width - side },
    { ...above, height: height - MAP.height - 2 * EDGE },
  ]
}
