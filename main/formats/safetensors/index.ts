/**
 * The safetensors format: 8 bytes length of the header (little-endian), the header in JSON, then the tensors without gaps.
 * Source: https://huggingface.co/docs/safetensors. Machines are taken to be little-endian, as all that we run on are.
 */

export { layOut, type TensorLayout } from './layout'
export { SafetensorsReader } from './reader'
export type { DType, TensorArray, TensorInfo } from './types'
export { type TensorSource, writeSafetensors } from './writer'
