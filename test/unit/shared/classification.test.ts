import { describe, expect, it } from 'vitest'
import { classFigures, confusionMatrix, mostWrong, scoresWithout } from '../../../shared/classification'

// Of class 0: two right, one taken for 1. Of class 1: one right, one taken for 0. Class 2 has no image and nothing is taken for it.
const labels = [0, 0, 0, 1, 1]
const predictions = [0, 1, 0, 1, 0]
const losses = [0.1, 2, 0.2, 0.3, 5]

describe('what a classifier did', () => {
  it('is counted by the image’s class and what it was taken for', () => {
    expect([...confusionMatrix(labels, predictions, 3)]).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 0])
  })

  it('has precision and recall class by class, and none where there is nothing to share', () => {
    expect(classFigures(labels, predictions, 3)).toEqual([
      { count: 3, predicted: 3, right: 2, precision: 2 / 3, recall: 2 / 3 },
      { count: 2, predicted: 2, right: 1, precision: 1 / 2, recall: 1 / 2 },
      { count: 0, predicted: 0, right: 0, precision: null, recall: null },
    ])
  })

  it('is scored without some images, and not at all without any', () => {
    expect(scoresWithout(labels, predictions, losses, [0, 4])).toEqual({ accuracy: 2 / 3, loss: 2.5 / 3 })
    expect(scoresWithout(labels, predictions, losses, [0, 1, 2, 3, 4])).toEqual({ accuracy: null, loss: null })
  })

  it('is most wrong where the loss is largest; right images are none of them', () => {
    expect(mostWrong(labels, predictions, losses)).toEqual([4, 1])
    expect(mostWrong(labels, predictions, losses, { label: 0, prediction: 0 })).toEqual([2, 0])
  })
})
