import type { NetworkCheck } from '../../../shared/architecture/check'
import type { BlockNode } from '../../../shared/architecture/document'
import type { CanvasTokens } from '../../theme/canvas-tokens'
import { ratioColour, ratioPosition, ratioTicks, type RatioRange } from '../../charts/ratio-scale'
import type { DrawnNode } from '../canvas/drawing'
import { xmlText } from './picture-text'

/** More copies than a picture could tell apart are not looked up. */
const MOST_COPIES = 10_000

/**
 * Dotted names of all copies that a path stands for, in forward order: `stage1/block` repeated three times is `stage1.block1`,
 * `stage1.block2`, `stage1.block3`.
 */
export function unitNames(path: string, check: NetworkCheck): string[] {
  const ids = path.split('/')
  return ids.reduce<string[]>(
    (names, id, depth) => {
      const node = check.nodes.get(ids.slice(0, depth + 1).join('/'))?.node as BlockNode | undefined
      const first = node?.first ?? 1
      const copies = node?.repeat === undefined ? [id] : Array.from({ length: node.repeat }, (_, i) => `${id}${first + i}`)
      return names.flatMap((name) => copies.map((copy) => (name ? `${name}.${copy}` : copy))).slice(0, MOST_COPIES)
    },
    [''],
  )
}

/** A copy that is drawn by itself stands for itself in each copy of what it lies in; a folded stage for the units in it. */
function namesOf({ path, name, role }: DrawnNode, check: NetworkCheck): string[] {
  if (name !== undefined) {
    const level = path.split('/').slice(0, -1).join('/')
    return level ? unitNames(level, check).map((outer) => `${outer}.${name}`) : [name]
  }
  const within = check.units.filter((unit) => unit.path === path || (role === 'block' && unit.path.startsWith(`${path}/`)))
  return within.flatMap((unit) => unitNames(unit.path, check))
}

/** The ratios that a drawn node shows: those of its copies that were measured. */
export function ratiosOf(node: DrawnNode, check: NetworkCheck, ratios: ReadonlyMap<string, number>): number[] {
  if (node.role === 'entry' || node.role === 'exit') return []
  return namesOf(node, check).flatMap((name) => ratios.get(name) ?? [])
}

/** Which weights the ratios are of, for a picture's legend: `at initialisation, projected`. @param weights Those that were brought in. */
export function ratioCaption(weights: string | null, isProjected: boolean): string {
  return `${weights === null ? 'at initialisation' : `with the weights ${weights}`}, ${isProjected ? 'projected' : 'plain'}`
}

/** Signs of ratios below and above the range, as everywhere in the house. */
export const OUTSIDE = { under: '◂', over: '▸' } as const

/** Of the legend, pixels. */
export const LEGEND_HEIGHT = 34
const SCALE = { width: 220, steps: 55, end: 24 }
const MEANING = 'ratio of gradient norms'

/** How wide the legend is with what is said beside its scale, pixels. */
export function legendWidth(caption: string): number {
  return SCALE.width + 2 * SCALE.end + 10 + Math.max(MEANING.length, caption.length) * 6
}

/** The scale with its ticks, the colours beyond its ends, and what it means, as SVG. */
export function ratioLegend(left: number, y: number, range: RatioRange, caption: string, tokens: CanvasTokens): string {
  const { width, steps } = SCALE
  const x = left + SCALE.end
  const cells = Array.from({ length: steps }, (_, i) => {
    const ratio = Math.pow(range, ((i + 0.5) / steps) * 2 - 1)
    return `<rect x="${x + (i * width) / steps}" y="${y}" width="${width / steps + 0.3}" height="10" fill="${ratioColour(ratio, range, tokens.ratios)}"/>`
  })
  const { values, texts } = ratioTicks(range)
  const ticks = values.map((tick, i) => {
    const at = x + ((ratioPosition(tick, range) + 1) / 2) * width
    return `<text x="${Math.round(at)}" y="${y + 22}" font-size="10" text-anchor="middle" fill="${tokens.ink3}">${texts[i]}</text>`
  })
  const beyond = [
    { sign: OUTSIDE.under, at: left, box: left + 11, ratio: 0.5 / range },
    { sign: OUTSIDE.over, at: x + width + SCALE.end - 9, box: x + width + 5, ratio: 2 * range },
  ].map(
    ({ sign, at, box, ratio }) =>
      `<text x="${at}" y="${y + 9}" font-size="10" fill="${tokens.ink2}">${sign}</text><rect x="${box}" y="${y}" width="8" height="10" rx="2" fill="${ratioColour(ratio, range, tokens.ratios)}"/>`,
  )
  const said = [MEANING, caption].map(
    (words, line) =>
      `<text x="${x + width + SCALE.end + 10}" y="${y + 9 + line * 13}" font-size="11" fill="${tokens.ink2}">${xmlText(words)}</text>`,
  )
  return [
    ...cells,
    ...beyond,
    ...said,
    `<rect x="${x}" y="${y}" width="${width}" height="10" fill="none" stroke="${tokens.line}"/>`,
    ...ticks,
  ].join('')
}
