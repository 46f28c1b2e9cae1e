import { bell, ofTurns } from './arithmetic'
import type { Points } from './points'

/**
 * Arm k of K: with u uniform in [0, 1), t = √u (so that the arm is about equally dense along its way) and r = 0.1 + 0.9·t, the point
 * (r·cos 2πa, r·sin 2πa) of angle a = turns·t + k/K, each coordinate moved by noise.
 */
export function spirals({ classes, turns, noise }: Readonly<Record<string, number>>): Points {
  return {
    classes: classes!,
    features: 2,
    range: [-1, 1],
    draw(random, label, target) {
      const t = Math.sqrt(random.uniform())
      const { cos, sin } = ofTurns(turns! * t + label / classes!)
      const radius = 0.1 + 0.9 * t
      target[0] = radius * cos + noise! * bell(random)
      target[1] = radius * sin + noise! * bell(random)
    },
  }
}
