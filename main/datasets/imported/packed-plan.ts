import type { TensorInfo } from '../../formats/safetensors'
import type { Sample } from '../dataset'

/** What a packed set holds, before its images are there. */
export interface PackedPlan extends Sample {
  readonly classes: readonly string[]
  readonly splits: readonly { readonly name: string; readonly images: number }[]
}

/** The tensor of a split's images, `<split>/images`, or of its vectors, `<split>/vectors`. */
export const samplesName = (split: string, { isVector }: Pick<Sample, 'isVector'>): string =>
  `${split}/${isVector ? 'vectors' : 'images'}`

/** The same in full: U8 [N, height, width, channels], or F32 [N, features]. */
export function samplesInfo(split: string, count: number, sample: Sample): TensorInfo {
  const { shape, isVector } = sample
  const sides = isVector ? [shape[2]] : shape
  return { name: samplesName(split, sample), dtype: isVector ? 'F32' : 'U8', shape: [count, ...sides] }
}

/** The tensors of a set's file: the images or vectors of each split, and I32 [N], its labels. */
export function packedTensors({ splits, ...sample }: PackedPlan): TensorInfo[] {
  return splits.flatMap(({ name, images }): TensorInfo[] => [
    samplesInfo(name, images, sample),
    { name: `${name}/labels`, dtype: 'I32', shape: [images] },
  ])
}

/** The words of a set's file: what wrote it, and the classes as a JSON list. */
export function packedMetadata(classes: readonly string[]): Record<string, string> {
  return { format: 'normlab/dataset', classes: JSON.stringify(classes) }
}
