import { UserError } from '../../../shared/errors'
import { type Layout, vectorOf } from '../graph/layout'
import type { WeightFile } from './file'

/**
 * How a file may call its parameters, after one of these words: as the library and checkpoints do, as `evaluate` takes them, and as
 * `replay` takes and writes them.
 */
export const PREFIXES = ['', 'param/', 'initial/', 'final/'] as const

/**
 * Sees from the header whether a file holds a network's parameters. All are taken from the set, under one prefix, that has most of them.
 *
 * @returns the prefix.
 * @throws UserError that names the first tensor that is missing or has another shape, and says how many more are wrong.
 */
export function checkWeights(file: WeightFile, layout: Layout): string {
  const has = (prefix: string): number => layout.slots.filter(({ name }) => file.has(prefix + name)).length
  const prefix = PREFIXES.reduce((best, other) => (has(other) > has(best) ? other : best))
  const wrong = layout.slots.flatMap(({ name, shape }) => {
    if (!file.has(prefix + name)) return `there is no tensor "${prefix}${name}"`
    const found = file.info(prefix + name).shape
    return found.join() === shape.join()
      ? []
      : `tensor "${prefix}${name}" is ${found.join('×') || 'a single number'} and the network’s is ${shape.join('×')}`
  })
  if (wrong.length === 0) return prefix
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more do not fit` : ''
  throw new UserError(`the weights do not fit the network: ${wrong[0]}${more}`, {
    place: file.file,
    remedy: 'use weights of this very network',
  })
}

/** One parameter's values. @throws UserError where one is not finite. */
export function readParameter(file: WeightFile, name: string): Float32Array {
  const { values, fault } = file.readChecked(name)
  if (fault === null) return values
  throw new UserError(`tensor "${name}" holds ${fault}`, { place: file.file, remedy: 'use other weights' })
}

/** A network's parameters from a file, in their layout. @throws UserError where they do not fit or are not finite. */
export function readWeights(file: WeightFile, layout: Layout): Float32Array {
  const prefix = checkWeights(file, layout)
  const vector = vectorOf(layout)
  for (const { name, offset } of layout.slots) vector.set(readParameter(file, prefix + name), offset)
  return vector
}

/** How a file may call its moving statistics. */
const STATISTICS_PREFIXES = ['statistics/', ''] as const

/** Whether a file has moving statistics for all of a network's layers that keep some. */
export function statisticsPrefix(file: WeightFile, layout: Layout): string | undefined {
  return STATISTICS_PREFIXES.find((prefix) => layout.slots.every(({ name }) => file.has(prefix + name)))
}

/**
 * A network's moving statistics from a file, `statistics/stem.bn.mean`, in their layout.
 *
 * @throws UserError where one is missing, has another shape, is not finite, or is a variance below 0.
 */
export function readStatistics(file: WeightFile, layout: Layout): Float32Array {
  const vector = vectorOf(layout)
  const prefix = statisticsPrefix(file, layout)
  if (prefix === undefined) {
    const missing = layout.slots.find(({ name }) => !file.has(`statistics/${name}`))!
    throw new UserError(`there are no moving statistics for ${missing.name.replace(/\.[^.]+$/, '')}, which evaluation needs`, {
      place: file.file,
      remedy: `add a tensor "statistics/${missing.name}"; weights of a run or from PyTorch have them`,
    })
  }
  for (const { name, shape, offset, role } of layout.slots) {
    const found = file.info(prefix + name).shape
    if (found.join() !== shape.join())
      throw new UserError(
        `tensor "${prefix}${name}" is ${found.join('×') || 'a single number'} and the network’s is ${shape.join('×')}`,
        {
          place: file.file,
        },
      )
    const values = readParameter(file, prefix + name)
    if (role === 'variance' && values.some((value) => value < 0))
      throw new UserError(`tensor "${prefix}${name}" holds a variance below 0`, { place: file.file, remedy: 'use other weights' })
    vector.set(values, offset)
  }
  return vector
}
