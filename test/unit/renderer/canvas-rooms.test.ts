import { expect, it } from 'vitest'
import { hasRoomForMap, MAP, wholeView } from '../../../renderer/designer/canvas/rooms'

it.each([
  [
    { width: 260, height: 1400 },
    { width: 656, height: 640 },
  ],
  [
    { width: 1800, height: 300 },
    { width: 656, height: 640 },
  ],
  [
    { width: 500, height: 520 },
    { width: 1320, height: 900 },
  ],
  [
    { width: 260, height: 700 },
    { width: 300, height: 420 },
  ],
])('a whole network %o on a canvas %o lies beside the map and above the legend', (network, canvas) => {
  const { x, y, zoom } = wholeView(network, canvas, true, 12)
  const [right, bottom] = [x + network.width * zoom, y + network.height * zoom]
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(11.999)
  expect(right).toBeLessThanOrEqual(canvas.width - 11.999)
  // The legend is 34 pixels high with what is below it.
  expect(bottom).toBeLessThan(canvas.height - 34)
  const map = { left: canvas.width - MAP.width - 10, top: canvas.height - MAP.height - 10 }
  expect(hasRoomForMap(canvas) && right > map.left && bottom > map.top).toBe(false)
})

it('a canvas on which the map would cover a large part of the network has none', () => {
  expect(hasRoomForMap({ width: 300, height: 700 })).toBe(false)
  expect(hasRoomForMap({ width: 656, height: 640 })).toBe(true)
})
