import type { NetworkCheck } from '../../../shared/architecture/check'
import type { Shape } from '../../../shared/ops'
import { formatCount } from '../../ui/format'

export { formatBytes as bytesText } from '../../ui/format'

/** How the panels say what layers and networks come to. */

/** `32×32×16`; a dash where it is not known. */
export function shapeText(shape: Shape | null | undefined): string {
  if (!shape) return '–'
  return shape.length === 0 ? 'a number' : shape.join('×')
}

/** Side of what an entry sees: `17×17 px`, or all of the image. */
export function fieldText(side: number | null): string {
  if (side === null) return '–'
  return Number.isFinite(side) ? `${formatCount(side)}×${formatCount(side)} px` : 'the whole image'
}

/** Bytes that training takes of the whole network with so many images in a batch. */
export function memoryAt(check: NetworkCheck, batch: number): number {
  return check.memory.fixed + batch * check.memory.perImage
}

/** `≥ ` before sums to which not every layer is known to belong: where something does not fit, what lies behind it is unknown. */
export function partialSign(check: NetworkCheck): string {
  return check.problems.length > 0 && [...check.nodes.values()].some(({ output }) => output === null) ? '≥\u202f' : ''
}

/** Boundaries at which the gradient's norm is measured: one more than there are units. */
export function boundaries(check: NetworkCheck): number {
  const units = check.units.reduce((sum, { copies }) => sum + copies, 0)
  return units > 0 ? units + 1 : 0
}

/** The outermost unit around a node, which is measured in its place; null where there is none. */
export function unitAround(path: string, check: NetworkCheck): string | null {
  const ids = path.split('/')
  const around = ids.slice(1).map((_, depth) => ids.slice(0, depth + 1).join('/'))
  return around.find((outer) => check.nodes.get(outer)?.node.unit !== undefined) ?? null
}

/** `1 block`, `18 blocks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
