import type { DatasetSummary } from '../../shared/api'
import { sizeWords } from '../../shared/datasets/sample-words'
import { formatCount, formatCounted } from '../ui/format'

/** `50 000 train · 10 000 test`; a procedural set gives as many as asked. */
export const splitsText = ({ splits, procedural }: Pick<DatasetSummary, 'splits' | 'procedural'>): string =>
  splits.map(({ name, images }) => `${formatCount(images)} ${name}`).join(' · ') + (procedural ? ', or more' : '')

/** `32×32×3 · 10 classes`, `2 features · 2 classes` */
export function shapeText({ shape, vectors, classes }: Pick<DatasetSummary, 'shape' | 'vectors' | 'classes'>): string {
  return `${sizeWords({ shape, vectors })} · ${formatCounted(classes.length, 'class')}`
}

export const featureNames = (features: number): readonly string[] =>
  Array.from({ length: features }, (_, i) => `feature ${i + 1}`)

/** `−1 … 1` */
export const rangeWords = (range: readonly number[]): string => range.map((end) => String(end).replace('-', '−')).join(' … ')
