import type { TensorInfo } from '../../formats/safetensors'

/** What a packed set holds, before its images are there. */
export interface PackedPlan {
  /** Height, width, channels. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly classes: readonly string[]
  readonly splits: readonly { readonly name: string; readonly images: number }[]
}

/** The tensors of a set's file, U8 [N, height, width, channels] and I32 [N] for each split. */
export function packedTensors({ shape, splits }: PackedPlan): TensorInfo[] {
  return splits.flatMap(({ name, images }): TensorInfo[] => [
    { name: `${name}/images`, dtype: 'U8', shape: [images, ...shape] },
    { name: `${name}/labels`, dtype: 'I32', shape: [images] },
  ])
}

/** The words of a set's file: what wrote it, and the classes as a JSON list. */
export function packedMetadata(classes: readonly string[]): Record<string, string> {
  return { format: 'normlab/dataset', classes: JSON.stringify(classes) }
}
