import { UserError } from '../../../shared/errors'
import { sampleBytes, type Split } from '../dataset'

/** Which vectors of a split, and which of their features. */
export interface VectorChoice {
  readonly first: number
  /** Every so many. */
  readonly every: number
  /** At most. */
  readonly count: number
  readonly features: readonly number[]
}

/** @returns [vectors, features]. @throws UserError where there is no such feature. */
export function vectorsOf(split: Split, { first, every, count, features }: VectorChoice): Float32Array {
  const most = split.shape[2]
  const beyond = features.find((feature) => feature >= most)
  if (beyond !== undefined)
    throw new UserError(`there is no feature ${beyond}; its vectors have ${most}, from 0 on`, { place: `${split.name} split` })
  const bytes = new Uint8Array(sampleBytes(split))
  const vector = new Float32Array(bytes.buffer)
  const taken = Math.min(count, Math.ceil((split.length - first) / every))
  const values = new Float32Array(taken * features.length)
  for (let i = 0; i < taken; i++) {
    split.read(first + i * every, bytes, 0)
    features.forEach((feature, j) => (values[i * features.length + j] = vector[feature]!))
  }
  return values
}
