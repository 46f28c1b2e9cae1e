import os from 'node:os'
import type { Tensor } from '../../../shared/ops/graph'
import { Random } from '../../../shared/random'
import { TensorGraph } from '../graph/tensor-graph'
import type { MeasuredLimits, TaskProgress } from '../questions'
import { Session } from '../tensorflow/session'

/** Side of the matrices: large enough that a product is bound by arithmetic, small enough to be done in hundredths of a second. */
const SIDE = 1024
/** Values of the vectors: 64 MB each, more than any cache holds. */
const LENGTH = 1 << 24
/** Each is done so often, and the quickest counts: what else the machine does only makes it slower. */
const TRIES = 5
/** Links of the long chains. */
const LINKS = { products: 4, vectors: 6 } as const

/**
 * What this machine reaches in TensorFlow, single precision, all threads: floating-point operations a second in products of matrices, a multiply-add as two; bytes a
 * second read and written by an operation on each value of long vectors. A long chain less a short one, so that what a call costs beside is in neither.
 */
export function measureLimits(tell: (progress: TaskProgress) => void = () => undefined): MeasuredLimits {
  const total = (TRIES + 1) * (2 + LINKS.products + 2 + LINKS.vectors)
  let done = 0
  // TensorFlow is loaded with the first link: the pace of that says nothing of the others'.
  tell({ phase: 'compiling' })
  const hear = (links: number): void => tell({ phase: 'timing', done: (done += links), total })
  const random = new Random(1)
  const matrix = Float32Array.from({ length: SIDE * SIDE }, () => (random.uniform() - 0.5) / Math.sqrt(SIDE))
  const flops = perLink([SIDE, SIDE], matrix, LINKS.products, (g, y, x) => g.matmul(y, x), hear)
  const bytes = perLink([LENGTH], new Float32Array(LENGTH).fill(0.5), LINKS.vectors, (g, y, x) => g.multiply(y, x), hear)
  return {
    flopsPerSecond: (2 * SIDE ** 3) / flops,
    // Two vectors are read, and one is written.
    bytesPerSecond: (3 * 4 * LENGTH) / bytes,
    threads: os.cpus().length,
  }
}

/** Seconds that a link of a chain takes: the time of one of `links` + 1 of them less that of a single one. @param hear How many links were worked out just now. */
function perLink(
  shape: readonly number[],
  values: Float32Array,
  links: number,
  link: (g: TensorGraph, y: Tensor, x: Tensor) => Tensor,
  hear: (links: number) => void,
): number {
  const [short, long] = [1, links + 1].map((count) => {
    const g = new TensorGraph()
    const x = g.placeholder('given', shape)
    let y = x
    for (let i = 0; i < count; i++) y = link(g, y, x)
    const found = g.named('found', g.narrowHalfSquaredNorm(y)).id
    const session = Session.open(g.nodes, { threads: os.cpus().length, parallelOperations: 1 })
    try {
      let best = Infinity
      for (let i = 0; i <= TRIES; i++) {
        const begun = performance.now()
        session.run({ given: { shape, values } }, [found])
        // The first one plans its work.
        if (i > 0) best = Math.min(best, performance.now() - begun)
        hear(count)
      }
      return best
    } finally {
      session.close()
    }
  }) as [number, number]
  return Math.max(1e-6, (long - short) / links / 1000)
}
