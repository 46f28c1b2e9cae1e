import type { PackedImages } from '../../../shared/api'
import { countOf, putImage } from '../pixels'

/** Places of one sheet, and of one question to the lab. */
const SHEET_IMAGES = 64
const COLUMNS = 8
/** Bytes of the sheets that are kept. */
const KEPT_BYTES = 96e6
/** Questions at once; and those that wait, of which the oldest are forgotten: what scrolled by is not wanted any more. */
const MOST_ASKED = 3
const MOST_WAITING = 12

interface Sheet {
  readonly canvas: HTMLCanvasElement
  readonly height: number
  readonly width: number
}

/**
 * The images of a long list, as sheets of a few dozen: asked for when one of them is to be drawn, kept while there is room, the ones
 * asked for last first.
 */
export class ImageSheets {
  private readonly sheets = new Map<number, Sheet>()
  private readonly asked = new Set<number>()
  private waiting: number[] = []
  private isClosed = false

  /**
   * @param ask For the images at so many places from `first` on.
   * @param onReady Called with the first and the last place of a sheet that came.
   */
  constructor(
    private readonly length: number,
    private readonly ask: (first: number, count: number) => Promise<PackedImages>,
    private readonly onReady: (first: number, last: number) => void,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  /** Draws the image at a place into a box, whole and in the middle; false where it has not come yet. */
  draw(context: CanvasRenderingContext2D, place: number, x: number, y: number, width: number, height: number): boolean {
    const number = Math.floor(place / SHEET_IMAGES)
    const sheet = this.sheets.get(number)
    if (!sheet) {
      this.want(number)
      return false
    }
    const at = place % SHEET_IMAGES
    const scale = Math.min(width / sheet.width, height / sheet.height)
    const [w, h] = [sheet.width * scale, sheet.height * scale]
    // Whole pixels stay whole; smaller pictures are blended.
    context.imageSmoothingEnabled = scale < 1
    context.drawImage(
      sheet.canvas,
      (at % COLUMNS) * sheet.width,
      Math.floor(at / COLUMNS) * sheet.height,
      sheet.width,
      sheet.height,
      x + (width - w) / 2,
      y + (height - h) / 2,
      w,
      h,
    )
    return true
  }

  close(): void {
    this.isClosed = true
    this.waiting = []
    this.sheets.clear()
  }

  private want(number: number): void {
    if (this.asked.has(number) || this.isClosed) return
    this.waiting = [...this.waiting.filter((other) => other !== number), number].slice(-MOST_WAITING)
    this.next()
  }

  private next(): void {
    while (this.asked.size < MOST_ASKED && this.waiting.length > 0) void this.fetch(this.waiting.pop()!)
  }

  private async fetch(number: number): Promise<void> {
    this.asked.add(number)
    const first = number * SHEET_IMAGES
    const count = Math.min(SHEET_IMAGES, this.length - first)
    try {
      const images = await this.ask(first, count)
      if (this.isClosed) return
      this.keep(number, sheetOf(images))
      this.onReady(first, first + count - 1)
    } catch (error) {
      if (!this.isClosed) this.onFailed(error)
      return
    } finally {
      this.asked.delete(number)
    }
    this.next()
  }

  private keep(number: number, sheet: Sheet): void {
    this.sheets.set(number, sheet)
    const most = Math.max(16, Math.floor(KEPT_BYTES / (sheet.canvas.width * sheet.canvas.height * 4)))
    for (const oldest of this.sheets.keys()) {
      if (this.sheets.size <= most) break
      this.sheets.delete(oldest)
    }
  }
}

function sheetOf(images: PackedImages): Sheet {
  const { height, width } = images
  const count = countOf(images)
  const canvas = document.createElement('canvas')
  canvas.width = COLUMNS * width
  canvas.height = Math.ceil(count / COLUMNS) * height
  const context = canvas.getContext('2d')!
  const data = context.createImageData(canvas.width, canvas.height)
  const rowBytes = 4 * canvas.width
  for (let i = 0; i < count; i++)
    putImage(images, i, data.data, Math.floor(i / COLUMNS) * height * rowBytes + (i % COLUMNS) * width * 4, rowBytes)
  context.putImageData(data, 0, 0)
  return { canvas, height, width }
}
