import { Menu, Tray, nativeImage } from 'electron'

/** Side of the icon, pixels; systems draw it at 16 to 24. */
const SIDE = 32

export interface TrayHands {
  readonly open: () => void
  readonly quit: () => void
}

/** The icon of an app that trains without a window: it opens one, or ends the app. It goes by `destroy`. */
export function showTray({ open, quit }: TrayHands): Tray {
  const tray = new Tray(nativeImage.createFromBitmap(mark(), { width: SIDE, height: SIDE }))
  tray.setToolTip('NormLab is training')
  tray.setContextMenu(
    Menu.buildFromTemplate([{ label: 'Open NormLab', click: open }, { type: 'separator' }, { label: 'Quit', click: quit }]),
  )
  tray.on('click', open)
  return tray
}

/** The app's mark, a low and a high point on a line, as BGRA. Drawn here, since the pages have it as an SVG, which the system does not read. */
function mark(): Buffer {
  const pixels = Buffer.alloc(SIDE * SIDE * 4)
  const put = (x: number, y: number, [r, g, b]: readonly [number, number, number]): void => {
    pixels.set([b, g, r, 255], (y * SIDE + x) * 4)
  }
  const spots = [
    { x: 8, y: 21, colour: [59, 130, 246] as const },
    { x: 23, y: 10, colour: [234, 122, 44] as const },
  ]
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      if (Math.abs(y - (21 + ((10 - 21) * (x - 8)) / 15)) <= 1.6 && x >= 8 && x <= 23) put(x, y, [140, 146, 158])
      for (const spot of spots) if ((x - spot.x) ** 2 + (y - spot.y) ** 2 <= 30) put(x, y, spot.colour)
    }
  return pixels
}
