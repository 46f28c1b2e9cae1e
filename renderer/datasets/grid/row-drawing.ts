import type { CanvasTokens } from '../../theme/canvas-tokens'
import type { GridLayout } from './layout'
import type { ImageSheets } from './image-sheets'

export interface RowWords {
  readonly label: (place: number) => string
  readonly index: (place: number) => number
}

/** Draws one row of images with the words under them. @returns whether all of its images had come. */
export function drawRow(
  canvas: HTMLCanvasElement,
  row: number,
  count: number,
  layout: GridLayout,
  sheets: ImageSheets,
  words: RowWords,
  tokens: CanvasTokens,
): boolean {
  const { side, columns, cellWidth, cellHeight, hasWords } = layout
  const ratio = window.devicePixelRatio || 1
  const [width, height] = [Math.ceil(columns * cellWidth * ratio), Math.ceil(cellHeight * ratio)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  const first = row * columns
  let isWhole = true
  for (let i = 0; i < columns && first + i < count; i++) {
    const x = i * cellWidth
    if (!sheets.draw(context, first + i, x, 0, side, side)) {
      isWhole = false
      context.fillStyle = tokens.line
      context.fillRect(x, 0, side, side)
    }
  }
  if (!hasWords) return isWhole
  context.textBaseline = 'top'
  for (let i = 0; i < columns && first + i < count; i++) {
    const x = i * cellWidth
    context.font = `11px ${tokens.font}`
    context.fillStyle = tokens.ink
    context.fillText(cut(context, words.label(first + i), side), x, side + 2)
    context.fillStyle = tokens.ink3
    context.fillText(String(words.index(first + i)), x, side + 15)
  }
  return isWhole
}

const widths = new Map<string, string>()

/** A word that ends in … where it has no room. */
function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${width} ${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  let shown = text
  while (shown.length > 1 && context.measureText(shown === text ? text : `${shown}…`).width > width) shown = shown.slice(0, -1)
  const result = shown === text ? text : `${shown}…`
  if (widths.size > 5000) widths.clear()
  widths.set(key, result)
  return result
}
