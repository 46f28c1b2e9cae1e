import os from 'node:os'
import { TensorGraph } from '../../main/engine/graph/tensor-graph'
import { Session } from '../../main/engine/tensorflow/session'

/**
 * What the machine can do, through the same TensorFlow: operations a second in a large matrix product, bytes a second in a sum
 * of vectors that fit no cache. Prints one JSON object.
 *   tsx build/bench/limits.ts
 */
const SIDE = 2048
const LENGTH = 64 * 1024 * 1024
const T = { type: 1 } as const

const g = new TensorGraph()
const filled = (name: string, shape: readonly number[]): ReturnType<TensorGraph['read']> => {
  const variable = g.variable(name, shape)
  const value = g.tensor('Fill', [g.integers(shape), g.constant(0.5)], shape, { T, index_type: { type: 3 } })
  g.after(g.constant(1), [g.assign(variable, value)], `set_${name}`)
  return g.read(variable)
}
/** A fetch that waits for a value but does not carry it. */
const timed = (name: string, value: { readonly id: string }): void => void g.after(g.constant(1), [value.id], name)
timed('product', g.matmul(filled('a', [SIDE, SIDE]), filled('b', [SIDE, SIDE])))
timed('sum', g.add(filled('v', [LENGTH]), filled('w', [LENGTH])))

const session = Session.open(g.nodes, { threads: os.cpus().length, parallelOperations: 1 })
for (const name of ['a', 'b', 'v', 'w']) session.run({}, [`set_${name}`])
const best = (name: string): number => {
  const times = Array.from({ length: 12 }, () => {
    const began = performance.now()
    session.run({}, [name])
    return (performance.now() - began) / 1000
  })
  return Math.min(...times)
}
process.stdout.write(
  `${JSON.stringify({ flops_per_second: (2 * SIDE ** 3) / best('product'), bytes_per_second: (3 * 4 * LENGTH) / best('sum') })}\n`,
)
session.close()
