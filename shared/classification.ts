/** What a classifier did with the images of a split: figures made of each image's class and the class that it was taken for. */

/** Of one class. */
export interface ClassFigures {
  /** Images of it. */
  readonly count: number
  /** Images that were taken for it. */
  readonly predicted: number
  /** Images of it that were taken for it. */
  readonly right: number
  /** right / predicted; null where nothing was taken for it. */
  readonly precision: number | null
  /** right / count; null where it has no image. */
  readonly recall: number | null
}

/** A matrix of more classes than this is told by its figures alone: it would be larger than the images' own numbers. */
export const MOST_MATRIX_CLASSES = 1_000

/**
 * How often an image of each class was taken for each.
 *
 * @returns classes × classes, row-major: the image's class chooses the row, what it was taken for the column.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): Int32Array<ArrayBuffer> {
  const matrix = new Int32Array(classes * classes)
  for (let i = 0; i < labels.length; i++) matrix[labels[i]! * classes + predictions[i]!]!++
  return matrix
}

/** In the order of the classes. */
export function classFigures(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): ClassFigures[] {
  const [counts, predicted, right] = [new Int32Array(classes), new Int32Array(classes), new Int32Array(classes)]
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]!]!++
    predicted[predictions[i]!]!++
    if (labels[i] === predictions[i]) right[labels[i]!]!++
  }
  return Array.from(counts, (count, k) => ({
    count,
    predicted: predicted[k]!,
    right: right[k]!,
    precision: predicted[k]! > 0 ? right[k]! / predicted[k]! : null,
    recall: count > 0 ? right[k]! / count : null,
  }))
}

/** The images by how wrong they were, the largest loss first, right ones left out. @returns indices into the split. */
export function mostWrong(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  losses: ArrayLike<number>,
  /** One cell of the matrix alone. */
  cell?: { readonly label: number; readonly prediction: number },
): number[] {
  const wrong: number[] = []
  for (let i = 0; i < labels.length; i++) {
    const isWanted = cell ? labels[i] === cell.label && predictions[i] === cell.prediction : labels[i] !== predictions[i]
    if (isWanted) wrong.push(i)
  }
  return wrong.sort((a, b) => losses[b]! - losses[a]! || a - b)
}

/**
 * Accuracy (0–1) and mean loss of a split without some of its images.
 *
 * @param left Their places in the split, each once.
 * @returns null each where no image is left over.
 */
export function scoresWithout(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  losses: ArrayLike<number>,
  left: readonly number[],
): { accuracy: number | null; loss: number | null } {
  const without = new Set(left)
  let [right, lost, count] = [0, 0, 0]
  for (let i = 0; i < labels.length; i++) {
    if (without.has(i)) continue
    if (labels[i] === predictions[i]) right++
    lost += losses[i]!
    count++
  }
  return count > 0 ? { accuracy: right / count, loss: lost / count } : { accuracy: null, loss: null }
}
