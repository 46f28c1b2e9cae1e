/** What confident learning makes of labels and of the probabilities that a model which has not seen them gives to each class. */
export interface ConfidentLearning {
  /** Of each class: the mean probability that its images have of being of it; NaN for a class without images. */
  readonly thresholds: Float64Array
  /** Images by their label (row) and by the class that they are confidently of (column), [classes, classes]. */
  readonly joint: Int32Array
  /** Share of all labels that are wrong, by the joint calibrated to the labels' counts. */
  readonly share: number
  /** Images whose label is likely wrong, the likeliest first. */
  readonly suspects: readonly Suspect[]
}

export interface Suspect {
  readonly image: number
  /** The class that it is confidently of. */
  readonly likely: number
  /** Probability of the label less that of the likeliest other class, −1 to 0. */
  readonly margin: number
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, arXiv 1911.00068). Of an image of label i the class j is that of the largest probability
 * among those that reach their class's threshold (eq. 1 and 2); it counts in the joint's cell [i, j], or nowhere where no class reaches its own. Off
 * the diagonal are label errors (section 3.2, method 2), here without those whose label is still the likeliest class, ranked by their normalised
 * margin (method 3's p̂(ỹ = i) − max p̂(j ≠ i)).
 *
 * @param labels Of each image, 0 to classes − 1.
 * @param probabilities [images, classes], each row's sum 1.
 */
export function confidentLearning(labels: ArrayLike<number>, probabilities: Float32Array, classes: number): ConfidentLearning {
  const counts = new Int32Array(classes)
  const thresholds = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]!]!++
    thresholds[labels[i]!]! += probabilities[i * classes + labels[i]!]!
  }
  for (let k = 0; k < classes; k++) thresholds[k]! /= counts[k]!
  const joint = new Int32Array(classes * classes)
  const suspects: Suspect[] = []
  for (let image = 0; image < labels.length; image++) {
    const row = probabilities.subarray(image * classes, (image + 1) * classes)
    const label = labels[image]!
    let likely = -1
    let other = -1
    for (let k = 0; k < classes; k++) {
      if (row[k]! >= thresholds[k]! && (likely < 0 || row[k]! > row[likely]!)) likely = k
      if (k !== label && (other < 0 || row[k]! > row[other]!)) other = k
    }
    if (likely < 0) continue
    joint[label * classes + likely]!++
    if (likely === label) continue
    const margin = row[label]! - row[other]!
    if (margin < 0) suspects.push({ image, likely, margin })
  }
  suspects.sort((a, b) => a.margin - b.margin || a.image - b.image)
  return { thresholds, joint, share: wrongShare(joint, counts), suspects }
}

/** The calibrated joint off its diagonal (eq. 3): each row made to sum to its label's count, all rows together to 1. */
function wrongShare(joint: Int32Array, counts: Int32Array): number {
  const classes = counts.length
  const total = counts.reduce((sum, count) => sum + count, 0)
  let wrong = 0
  for (let label = 0; label < classes; label++) {
    const row = joint.subarray(label * classes, (label + 1) * classes)
    const sum = row.reduce((all, count) => all + count, 0)
    // A label of which nothing is confident tells nothing.
    if (sum > 0) wrong += (counts[label]! * (sum - row[label]!)) / sum
  }
  return total > 0 ? wrong / total : 0
}
