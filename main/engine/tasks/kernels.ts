import { UserError } from '../../../shared/errors'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../formats/safetensors'
import type { Grid } from '../graph/kernel-transform'
import type { KernelChangeTask, KernelSpectrumTask, RepairedFile } from '../questions'
import { openWeights, turned, type WeightFile } from '../weights'
import { convolutionSpectrum, descending, matrixSpectrum, type Spectrum } from '../spectra/spectrum'
import { changedKernel, type Kernel } from './repair-kernel'

/** Entries that the transform of one kernel may have: 1 GB of complex numbers. */
const MOST_ENTRIES = 64e6

/**
 * The singular values of a dense kernel, or of a convolution as the operator that it is on size×size inputs.
 *
 * @returns all of them, descending, or of a large operator the extremes.
 * @throws UserError for a tensor that is no kernel, or holds values that are not finite.
 */
export function spectrum(task: KernelSpectrumTask): Spectrum {
  return kernelSpectrum(readKernel(task.weights, task.tensor, 'has no singular values'), task)
}

/** The same of a file of any form; PyTorch's kernels are turned to our axes. */
export async function fileSpectrum(task: KernelSpectrumTask): Promise<Spectrum> {
  const file = await openWeights(task.weights)
  try {
    return kernelSpectrum(kernelOf(file, task.tensor, 'has no singular values'), task)
  } finally {
    file.close()
  }
}

function kernelSpectrum({ shape, values }: Kernel, task: KernelSpectrumTask): Spectrum {
  const { weights, tensor, size, padding = 'circular', stride = 1, groups = 1, dilation = 1 } = task
  const place = `${weights}: tensor "${tensor}"`
  if (shape.length === 2) {
    return { singularValues: descending([matrixSpectrum(values, shape[0]!, shape[1]!)]) }
  }
  if (size === undefined)
    throw new UserError('a convolution’s singular values depend on the size of its inputs', { place, remedy: 'add --size' })
  const own = shape as [number, number, number, number]
  checkGroups(shape, groups, place)
  if (padding === 'circular' && stride === 1) gridOf([own[0], own[1], own[2], own[3] / groups], size, place)
  return convolutionSpectrum({ shape: own, values, size, padding, stride, groups, dilation }, place)
}

/**
 * Writes a copy of a file in which one kernel is projected, whitened, clipped or scaled.
 * @returns the least rank that was found (null where the method does not tell it), and the full one.
 * @throws UserError for a tensor that is not of the kind, or holds values that are not finite.
 */
export function repairFile(task: KernelChangeTask): RepairedFile {
  const kernel = readKernel(task.weights, task.tensor, 'cannot be repaired')
  const place = `${task.weights}: tensor "${task.tensor}"`
  const isGridded = kernel.shape.length === 4 && task.size !== undefined && task.change.kind !== 'scale'
  const grid = isGridded ? gridOf(kernel.shape, task.size!, place) : null
  const { groups = 1, dilation = 1 } = task
  checkGroups(kernel.shape, groups, place)
  const { values, ...found } = changedKernel({ ...kernel, groups, dilation }, task.change, grid, place)
  writeCopy(task.weights, task.out, { name: task.tensor, shape: kernel.shape, data: values })
  const range =
    task.change.kind === 'clip' ? { before: rangeOf(kernel, task), after: rangeOf({ shape: kernel.shape, values }, task) } : null
  return { ...found, range }
}

/** @throws UserError where a kernel's outputs cannot be cut into groups of one size. */
function checkGroups(shape: readonly number[], groups: number, place: string): void {
  const out = shape[shape.length - 1]!
  if (out % groups !== 0) throw new UserError(`its ${out} output channels are no whole number of ${groups} groups`, { place })
}

/** Least and greatest singular value, of a convolution as it wraps around. */
function rangeOf(kernel: Kernel, { weights, tensor, size, groups, dilation }: KernelChangeTask): [number, number] {
  const found = kernelSpectrum(kernel, { weights, tensor, size, groups, dilation })
  if (!('singularValues' in found)) return [found.smallest.value, found.largest.value]
  const { singularValues } = found
  return [singularValues.reduce((a, b) => Math.min(a, b)), singularValues.reduce((a, b) => Math.max(a, b))]
}

/**
 * @param otherwise What becomes of a kernel that is not finite.
 * @throws UserError for a tensor that is neither [in, out] nor [kh, kw, in, out], or not finite.
 */
function readKernel(file: string, tensor: string, otherwise: string): Kernel {
  const reader = SafetensorsReader.open(file)
  try {
    return kernelOf(reader, tensor, otherwise)
  } finally {
    reader.close()
  }
}

function kernelOf(file: WeightFile, tensor: string, otherwise: string): Kernel {
  const { shape } = file.info(tensor)
  const place = `${file.file}: tensor "${tensor}"`
  if ((shape.length !== 2 && shape.length !== 4) || shape.some((side) => side === 0))
    throw new UserError(`it is ${shape.join('×') || 'a single number'}, and no kernel`, {
      place,
      remedy: 'name a kernel, in×out or height×width×in×out',
    })
  const { values, fault } = file.readChecked(tensor)
  if (fault !== null) throw new UserError(`it holds ${fault}, and ${otherwise}`, { place })
  if (!file.isTorch) return { shape, values }
  const [out, within, height, width] = shape as [number, number, number, number]
  const own = shape.length === 2 ? [within, out] : [height, width, within, out]
  return { shape: own, values: turned(values, { shape: own }, shape.length === 2 ? 'oi' : 'oihw') }
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
