import { statSync } from 'node:fs'
import { UserError } from '../../../shared/errors'
import type { CheckedFloats } from '../../formats/checked-floats'
import { readStart } from '../../formats/file-start'
import { NpzFile } from '../../formats/npz'
import { SafetensorsReader } from '../../formats/safetensors'
import { matchLegacyTorch, openTorch } from '../../formats/torch'

/** Tensors by name, whatever form the file has that they lie in. One owner, who closes it. */
export interface WeightFile {
  /** As messages call it. */
  readonly file: string
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[]
  /** What was passed over when it was opened, a sentence each. */
  readonly remarks?: readonly string[]
  /** Whether its kernels are laid out as PyTorch has them; else its names say. */
  readonly isTorch?: boolean
  has(name: string): boolean
  /** @throws UserError where the file has no such tensor. */
  info(name: string): { readonly shape: readonly number[] }
  /** Any tensor in single precision, half precision exactly, rounded where it is wider; and what is wrong where a value is not finite. */
  readChecked(name: string): CheckedFloats
  close(): void
}

/** Forms that are met and not read, by how their files begin. */
const OTHERS: readonly {
  readonly begins: readonly number[]
  readonly at?: number
  readonly what: string
  readonly remedy: string
}[] = [
  { begins: [0x89, 0x48, 0x44, 0x46], what: 'an HDF5 file, as Keras writes them', remedy: 'write its arrays with numpy.savez' },
  {
    begins: [0x75, 0x73, 0x74, 0x61, 0x72],
    at: 257,
    what: 'a tar, PyTorch’s form before version 0.2',
    remedy: 'save it again with a newer PyTorch',
  },
  { begins: [0x80], what: 'a pickle that torch.save did not write', remedy: 'save model.state_dict() with torch.save' },
]

/**
 * Opens a file of weights: safetensors, .npz, or what `torch.save` writes, whichever its first bytes say.
 *
 * @param name What messages call it, where the user knows it by another name than its path.
 * @throws UserError where it cannot be read, or is not of a form that is known.
 */
export async function openWeights(file: string, name = file): Promise<WeightFile> {
  const head = readHead(file)
  if (head.length === 0 && isEmpty(file))
    throw new UserError('the file is empty', { place: name, remedy: 'fetch it again, or save the weights again' })
  if (head[0] === 0x50 && head[1] === 0x4b) return /\.npz$/i.test(name) ? NpzFile.open(file, name) : openTorch(file, true, name)
  if (matchLegacyTorch(head)) return openTorch(file, false, name)
  const other = OTHERS.find(({ begins, at = 0 }) => begins.every((byte, i) => head[at + i] === byte))
  // The ninth byte of safetensors is the brace that begins its header: its length may begin with any.
  if (other && head[8] !== 0x7b) throw new UserError(`this is ${other.what}`, { place: name, remedy: other.remedy })
  return SafetensorsReader.open(file, name)
}

const isEmpty = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.size === 0

/** What cannot be read at all is told by the reader that opens it. */
function readHead(file: string): Uint8Array {
  try {
    return readStart(file, 512)
  } catch {
    return new Uint8Array(0)
  }
}
