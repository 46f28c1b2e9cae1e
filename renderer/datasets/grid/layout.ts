/** Sides of an image in the grid, CSS pixels. */
export const LEAST_SIDE = 16
export const MOST_SIDE = 320
/** Between images. */
const GAP = 6
/** From here on there is room for words under an image. */
const WORDS_FROM = 52
const WORDS_HEIGHT = 30
/** The tallest that a page can be in a browser; what would be beyond is reached by another filter or smaller images. */
const MOST_HEIGHT = 30e6

export interface GridLayout {
  readonly side: number
  readonly columns: number
  readonly rows: number
  readonly cellWidth: number
  readonly cellHeight: number
  readonly hasWords: boolean
}

/** How images of a side lie in a width, whole rows of them. */
export function gridLayout(count: number, width: number, side: number): GridLayout {
  const columns = Math.max(1, Math.floor(width / (side + GAP)))
  // What is left over lies between them, so that rows fill the width.
  const cellWidth = Math.max(side + GAP, Math.floor(width / columns))
  const hasWords = side >= WORDS_FROM
  const cellHeight = side + GAP + (hasWords ? WORDS_HEIGHT : 0)
  const rows = Math.min(Math.ceil(count / columns), Math.floor(MOST_HEIGHT / cellHeight))
  return { side, columns, rows, cellWidth, cellHeight, hasWords }
}

/** Where an arrow or a key like it leads from a place; null for other keys. */
export function nextPlace(key: string, place: number, count: number, columns: number, rowsOfPage: number): number | null {
  const page = columns * Math.max(1, rowsOfPage)
  const last = count - 1
  const ways: Readonly<Record<string, number>> = {
    ArrowRight: place + 1,
    ArrowLeft: place - 1,
    ArrowDown: place + columns > last ? place : place + columns,
    ArrowUp: place - columns < 0 ? place : place - columns,
    PageDown: place + page > last ? last : place + page,
    PageUp: place - page < 0 ? 0 : place - page,
    Home: 0,
    End: last,
  }
  const next = ways[key]
  return next === undefined ? null : Math.min(last, Math.max(0, next))
}

/** The side after turning a wheel or pressing + and −; steps of an eighth, and at least one pixel. */
export function zoomedSide(side: number, way: 1 | -1): number {
  const next = way > 0 ? Math.max(side + 2, side * 1.15) : Math.min(side - 2, side / 1.15)
  return Math.round(Math.min(MOST_SIDE, Math.max(LEAST_SIDE, next)))
}
