import { bell } from './arithmetic'
import type { Points } from './points'

/** x and y uniform in [−1, 1); the class is (column + row) mod K of the point's field; then both are moved by noise. */
export function checkerboard({ classes, fields, noise }: Readonly<Record<string, number>>): Points {
  const field = (at: number): number => Math.floor(((at + 1) / 2) * fields!)
  return {
    classes: classes!,
    features: 2,
    range: [-1, 1],
    draw(random, label, target) {
      for (;;) {
        const x = 2 * random.uniform() - 1
        const y = 2 * random.uniform() - 1
        if ((field(x) + field(y)) % classes! !== label) continue
        target[0] = x + noise! * bell(random)
        target[1] = y + noise! * bell(random)
        return
      }
    },
  }
}
