import { UserError } from '../../../shared/errors'
import type { Tensor } from '../../../shared/ops/graph'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../store/safetensors'
import { type Grid, transformKernel } from '../graph/kernel-transform'
import { singularValues } from '../graph/polar'
import { NOT_FINITE, projectKernel, whitenKernel } from '../graph/procrustes'
import { TensorGraph } from '../graph/tensor-graph'
import type { KernelTask } from '../protocol'
import { Session } from '../tensorflow/session'

/** Entries that the transform of one kernel may have: 1 GB of complex numbers. */
const MOST_ENTRIES = 64e6

/**
 * The singular values of a dense kernel, or of a convolution of stride 1 that wraps around on size×size inputs: those of its
 * matrix at every frequency (Sedghi, Gupta, Long 2019).
 *
 * @returns them descending.
 * @throws UserError for a tensor that is no kernel, or holds values that are not finite.
 */
export function spectrum({ weights, tensor, size }: Extract<KernelTask, { kind: 'spectrum' }>): { singularValues: Float32Array } {
  const { shape, values } = readKernel(weights, tensor)
  const place = `${weights}: tensor "${tensor}"`
  if (!values.every(Number.isFinite))
    throw new UserError('it holds values that are not finite, and has no singular values', { place })
  if (shape.length === 4 && size === undefined)
    throw new UserError('a convolution’s singular values depend on the size of its inputs', { place, remedy: 'add --size' })
  let counts: readonly number[] = [1]
  const [found] = compute(shape, values, (g, kernel) => {
    if (shape.length === 2) return [singularValues(g, g.reshape(g.cast(kernel, 'double'), [1, ...shape]))]
    const transform = transformKernel(g, kernel, gridOf(shape, size!, place))
    counts = transform.weights
    return [singularValues(g, transform.matrices)]
  })
  const each = found!.length / counts.length
  const all = counts.flatMap((count, f) =>
    Array.from({ length: count }, () => [...found!.slice(f * each, (f + 1) * each)]).flat(),
  )
  return { singularValues: Float32Array.from(all).sort().reverse() }
}

/**
 * Writes a copy of a file in which one kernel is projected or whitened.
 * @returns the least rank that was found (null where the method does not tell it), and the full one.
 * @throws UserError for a tensor that is not of the kind, or holds values that are not finite.
 */
export function repairFile(task: Extract<KernelTask, { kind: 'project' | 'whiten' }>): { rank: number | null; fullRank: number } {
  const { shape, values } = readKernel(task.weights, task.tensor)
  const place = `${task.weights}: tensor "${task.tensor}"`
  if (task.kind === 'project' && shape.length !== 4)
    throw new UserError('it is a dense kernel and not a convolution’s', { place, remedy: 'whiten it instead' })
  if (task.kind === 'whiten' && shape.length !== 2)
    throw new UserError('it is a convolution’s kernel and not a dense one', { place, remedy: 'project it instead' })
  const [kernel, rank] = compute(shape, values, (g, given) => {
    const repaired =
      task.kind === 'project' ? projectKernel(g, given, gridOf(shape, task.size, place), task.method) : whitenKernel(g, given)
    return [repaired.kernel, repaired.rank]
  })
  if (rank![0] === NOT_FINITE) throw new UserError('it holds values that are not finite, and cannot be repaired', { place })
  writeCopy(task.weights, task.out, { name: task.tensor, shape, data: kernel! })
  const fullRank = Math.min(...shape.slice(-2))
  return { rank: Number.isNaN(rank![0]!) ? null : rank![0]!, fullRank }
}

/** @throws UserError for a tensor that is neither [in, out] nor [kh, kw, in, out]. */
function readKernel(file: string, tensor: string): { shape: readonly number[]; values: Float32Array } {
  const reader = SafetensorsReader.open(file)
  try {
    const { shape } = reader.info(tensor)
    if ((shape.length !== 2 && shape.length !== 4) || shape.some((side) => side === 0))
      throw new UserError(`it is ${shape.join('×') || 'a single number'}, and no kernel`, {
        place: `${file}: tensor "${tensor}"`,
        remedy: 'name a kernel, in×out or height×width×in×out',
      })
    return { shape, values: reader.readFloats(tensor) }
  } finally {
    reader.close()
  }
}

/** @throws UserError where the transform would not fit into memory. */
function gridOf(shape: readonly number[], size: number, place: string): Grid {
  const [kh, kw, fanIn, fanOut] = shape as [number, number, number, number]
  if (kh * kw > 1 && (size * size * Math.max(fanIn * fanOut, kh * kw)) / 2 > MOST_ENTRIES)
    throw new UserError(`a grid of ${size}×${size} is too large for a kernel of ${shape.join('×')}`, {
      place,
      remedy: 'choose a smaller --size',
    })
  return [size, size]
}

function compute(
  shape: readonly number[],
  values: Float32Array,
  build: (g: TensorGraph, kernel: Tensor) => readonly Tensor[],
): Float32Array[] {
  const g = new TensorGraph()
  const fetches = build(g, g.placeholder('kernel', shape)).map((value, i) => g.named(`found${i}`, g.cast(value, 'float')).id)
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 1 })
  try {
    return session.run({ kernel: { shape, values } }, fetches) as Float32Array[]
  } finally {
    session.close()
  }
}

/** A copy of a file in which one tensor is another. */
function writeCopy(file: string, out: string, changed: TensorSource & { shape: readonly number[] }): void {
  const reader = SafetensorsReader.open(file)
  try {
    const copies = reader.tensors.map(({ name, shape, dtype }): TensorSource => {
      if (name === changed.name) return changed
      return { name, shape, dtype, data: () => [reader.read(name)] }
    })
    writeSafetensors(out, copies, reader.metadata)
  } finally {
    reader.close()
  }
}
