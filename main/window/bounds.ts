import { readFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle } from 'electron'
import { screen } from 'electron'
import { z } from 'zod'
import { writeFile } from '../files/write-file'

const Placement = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximised: z.boolean(),
})
type Placement = z.infer<typeof Placement>

const FIRST = { width: 1280, height: 800 }
/** Pixels between windows that lie one on the other. */
const BESIDE = 28
const SAVE_AFTER_MS = 400

/** Where the window was last time; its first size where that is unknown, unreadable or on a screen that is gone. */
export function lastPlacement(file: string): Partial<Rectangle> & { maximised: boolean } {
  try {
    const placement = Placement.parse(JSON.parse(readFileSync(file, 'utf8')))
    return isVisible(placement) ? placement : { ...FIRST, maximised: placement.maximised }
  } catch {
    return { ...FIRST, maximised: false }
  }
}

/** A little below another window and to its right. */
export function besides(window: BrowserWindow): Partial<Rectangle> & { maximised: boolean } {
  const { x, y, width, height } = window.getNormalBounds()
  const next = { x: x + BESIDE, y: y + BESIDE, width, height }
  return isVisible(next) ? { ...next, maximised: false } : { width, height, maximised: false }
}

/** Writes the window's place whenever it has come to rest. */
export function rememberPlacement(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    const placement: Placement = { ...window.getNormalBounds(), maximised: window.isMaximized() }
    try {
      writeFile(file, JSON.stringify(placement))
    } catch {
      // A place that cannot be remembered is no reason to disturb anybody.
    }
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, SAVE_AFTER_MS)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', save)
}

/** Enough of the title bar on some screen to take hold of. */
function isVisible({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => {
    const overlap = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
    return overlap >= 100 && y >= area.y - 10 && y <= area.y + area.height - 40
  })
}
