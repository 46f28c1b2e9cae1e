import { SafetensorsReader } from '../../formats/safetensors'

/** Tensors by name, whatever form the file has that they lie in. One owner, who closes it. */
export interface WeightFile {
  /** As messages call it. */
  readonly file: string
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[]
  has(name: string): boolean
  /** @throws UserError where the file has no such tensor. */
  info(name: string): { readonly shape: readonly number[] }
  /** Any tensor in single precision: half precision exactly, rounded where it is wider. */
  readFloats(name: string): Float32Array
  close(): void
}

/**
 * Opens a file of weights.
 *
 * @param name What messages call it, where the user knows it by another name than its path.
 * @throws UserError where it cannot be read, or is not of a form that is known.
 */
export async function openWeights(file: string, name = file): Promise<WeightFile> {
  return SafetensorsReader.open(file, name)
}
