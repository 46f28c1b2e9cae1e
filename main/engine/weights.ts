import { UserError } from '../../shared/errors'
import type { SafetensorsReader } from '../formats/safetensors'
import type { Layout } from './graph/layout'

/**
 * How a file may call its parameters, after one of these words: as the library and checkpoints do, as `evaluate` takes them, and as
 * `replay` takes and writes them.
 */
const PREFIXES = ['', 'param/', 'initial/', 'final/'] as const

/**
 * Sees from the header whether a file holds a network's parameters. All are taken from the set, under one prefix, that has most of them.
 *
 * @returns the prefix.
 * @throws UserError that names the first tensor that is missing or has another shape, and says how many more are wrong.
 */
export function checkWeights(file: SafetensorsReader, layout: Layout): string {
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
export function readParameter(file: SafetensorsReader, name: string): Float32Array {
  const values = file.readFloats(name)
  if (values.every(Number.isFinite)) return values
  throw new UserError(`tensor "${name}" holds a value that is not finite`, { place: file.file, remedy: 'use other weights' })
}

/** A network's parameters from a file, in their layout. @throws UserError where they do not fit or are not finite. */
export function readWeights(file: SafetensorsReader, layout: Layout): Float32Array {
  const prefix = checkWeights(file, layout)
  const vector = new Float32Array(layout.length)
  for (const { name, offset } of layout.slots) vector.set(readParameter(file, prefix + name), offset)
  return vector
}
