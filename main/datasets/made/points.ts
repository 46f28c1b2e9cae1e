import { Random } from '../../../shared/random'
import { drawnState } from '../drawn-state'
import type { Split } from '../dataset'
import { onGrid } from './arithmetic'

/** Points of a made set: how many classes and features, and how one is drawn. */
export interface Points {
  readonly classes: number
  readonly features: number
  /** Of each feature, noise aside. */
  readonly range: readonly [least: number, most: number]
  /** Writes one point of a class. */
  draw(random: Random, label: number, target: Float64Array): void
}

/**
 * A split of points. Point i depends on the seed, the split and i alone, so a larger split begins with the smaller one; classes take turns.
 * Features are multiples of 2⁻¹⁶, the same on every machine.
 */
export function pointsSplit(points: Points, name: string, length: number, seed: number): Split {
  const { classes, features } = points
  const labels = Int32Array.from({ length }, (_, index) => index % classes)
  const random = new Random(0)
  const point = new Float64Array(features)
  const values = new Float32Array(features)
  const bytes = new Uint8Array(values.buffer)
  return {
    name,
    length,
    shape: [1, 1, features],
    isVector: true,
    labels,
    read(index, target, offset) {
      random.restore({ words: drawnState(seed, name, index), spare: null })
      points.draw(random, labels[index]!, point)
      for (let j = 0; j < features; j++) values[j] = onGrid(point[j]!)
      target.set(bytes, offset)
    },
  }
}
