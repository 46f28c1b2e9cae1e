import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confidentLearning } from '../../../../main/datasets/checks/labels/confident'
import { stratifiedFolds } from '../../../../main/datasets/checks/labels/folds'

const [IMAGES, CLASSES] = [60, 4]

/** Each fifth label is wrong; the right class has most of the probability, often. */
function case60(): { labels: number[]; probabilities: Float32Array } {
  const probabilities = new Float32Array(IMAGES * CLASSES)
  const labels = Array.from({ length: IMAGES }, (_, i) => {
    const right = (i * 7) % CLASSES
    const raw = Array.from({ length: CLASSES }, (__, k) => ((i * 37 + k * 101 + i * k * 13) % 97) + 1 + (k === right ? 90 : 0))
    const sum = raw.reduce((a, b) => a + b)
    raw.forEach((value, k) => (probabilities[i * CLASSES + k] = value / sum))
    return i % 5 === 0 ? (right + 1 + (i % 3)) % CLASSES : right
  })
  return { labels, probabilities }
}

describe('confident learning', () => {
  it('has the thresholds, the joint and the order that numpy makes of the paper’s equations, and cleanlab 2.9 too', () => {
    const { labels, probabilities } = case60()
    const { thresholds, joint, share, suspects } = confidentLearning(labels, probabilities, CLASSES)
    const golden = [0.411660973, 0.466590573, 0.427661267, 0.44024549]
    thresholds.forEach((value, k) => expect(value).toBeCloseTo(golden[k]!, 8))
    expect([...joint]).toEqual([9, 0, 1, 1, 1, 8, 1, 1, 1, 0, 10, 0, 1, 0, 1, 8])
    expect(share).toBeCloseTo(0.1863636363636363, 12)
    expect(suspects.map(({ image }) => image)).toEqual([0, 45, 40, 30, 20, 50, 25, 10])
    expect(suspects[0]!.margin).toBeCloseTo(-0.728814, 6)
  })

  it('suspects nothing where every label is the likeliest class, and knows classes without images', () => {
    const probabilities = Float32Array.of(0.9, 0.1, 0, 0.2, 0.8, 0)
    const { suspects, share, thresholds } = confidentLearning([0, 1], probabilities, 3)
    expect([suspects, share, thresholds[2]]).toEqual([[], 0, NaN])
  })
})

describe('folds', () => {
  it('hold every image once, and as many of each class as of any other fold, within one', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 6 }),
        (labels, folds) => {
          const fold = stratifiedFolds(labels, 5, folds, 1)
          for (let label = 0; label < 5; label++) {
            const counts = Array.from(
              { length: folds },
              (_, k) => labels.filter((one, i) => one === label && fold[i] === k).length,
            )
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 30 },
    ))
})
