/** Files of PyTorch's `torch.save`, read without running anything of them. */

import { TorchFile } from './file'
import { matchLegacyTorch, readLegacyTorch } from './legacy'
import { readZippedTorch } from './zip'

export type { TorchFile }
export { matchLegacyTorch }

/** @param name What messages call it. @throws UserError where it is damaged, hostile, or holds no tensors by name. */
export async function openTorch(file: string, isZip: boolean, name: string): Promise<TorchFile> {
  const bytes = isZip ? await readZippedTorch(file, name) : readLegacyTorch(file, name)
  try {
    return new TorchFile(name, bytes)
  } catch (error) {
    bytes.close()
    throw error
  }
}
