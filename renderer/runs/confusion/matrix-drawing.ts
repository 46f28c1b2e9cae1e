import type { NetworkTestResult } from '../../../shared/api'
import type { TableContent } from '../../charts/table-content'
import { whole, words } from '../../charts/table-content'
import { escape } from '../../charts/xml-text'

type Tested = Pick<NetworkTestResult, 'classes' | 'confusion'>

/** Share of the row's images in a cell, 0–1; 0 in a row without any. */
export function shareOf({ classes, confusion }: Tested, row: number, column: number): number {
  const { count } = classes[row]!
  return count > 0 ? confusion![row * classes.length + column]! / count : 0
}

/** Class of the images in the first column, what they were taken for in the others. */
export function matrixTable({ classes, confusion }: Tested): TableContent {
  const columns = [words('class'), ...classes.map(({ name }) => whole(name))]
  const rows = classes.map(({ name }, row) => [name, ...classes.map((_, column) => confusion![row * classes.length + column]!)])
  return { columns, rows }
}

/** The matrix as SVG, cells in their colours with their counts. */
export function drawMatrix(
  { classes, confusion }: Tested,
  width: number,
  height: number,
  colours: { ink: string; hit: string; miss: string },
): string {
  const [left, top] = [120, 24]
  const cell = { width: (width - left) / classes.length, height: (height - top) / classes.length }
  const size = Math.max(6, Math.min(12, cell.height * 0.6))
  const text = (x: number, y: number, content: string, anchor: string): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" text-anchor="${anchor}" fill="${colours.ink}">${escape(content)}</text>`
  const parts: string[] = []
  classes.forEach(({ name }, row) => {
    const y = top + row * cell.height
    parts.push(text(left - 6, y + cell.height / 2 + size / 3, name.slice(0, 18), 'end'))
    parts.push(
      text(left + (row + 0.5) * cell.width, top - 8, name.slice(0, Math.max(1, Math.floor(cell.width / size / 0.6))), 'middle'),
    )
    classes.forEach((_, column) => {
      const x = left + column * cell.width
      const share = shareOf({ classes, confusion }, row, column)
      const fill = row === column ? colours.hit : colours.miss
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${cell.width.toFixed(1)}" height="${cell.height.toFixed(1)}" fill="${fill}" fill-opacity="${opacity(share).toFixed(3)}"/>`,
      )
      const count = confusion![row * classes.length + column]!
      if (count > 0 && classes.length <= 30)
        parts.push(text(x + cell.width / 2, y + cell.height / 2 + size / 3, String(count), 'middle'))
    })
  })
  return parts.join('')
}

/** A few images in a hundred are seen too. */
export const opacity = (share: number): number => (share > 0 ? 0.08 + 0.62 * Math.sqrt(share) : 0)
