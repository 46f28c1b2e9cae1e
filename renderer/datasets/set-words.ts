import type { DatasetSummary } from '../../shared/api'
import { formatCount, formatCounted } from '../ui/format'

/** `50 000 train · 10 000 test`; a procedural set gives as many as asked. */
export const splitsText = ({ splits, procedural }: Pick<DatasetSummary, 'splits' | 'procedural'>): string =>
  splits.map(({ name, images }) => `${formatCount(images)} ${name}`).join(' · ') + (procedural ? ', or more' : '')

/** `32×32×3 · 10 classes` */
export function shapeText({ shape, classes }: Pick<DatasetSummary, 'shape' | 'classes'>): string {
  return `${shape.join('×')} · ${formatCounted(classes.length, 'class')}`
}
