import { networkFromDocument } from '../../../shared/architecture'
import { cutText } from '../../../shared/cut-text'
import { OWNERS } from '../../files/write-file'
import { readOnnx } from '../../formats/onnx/read'
import { writeSafetensors } from '../../formats/safetensors'
import { readKeras } from '../foreign/keras'
import { convertOnnx } from '../foreign/onnx/convert'
import { takeNetwork } from '../foreign/take'
import type { ImportedNetwork, ImportNetworkTask } from '../questions'

/**
 * Reads another program's network, and writes its weights by our names where all of them came.
 *
 * @throws UserError where the file is none, or is not what it says.
 */
export async function importNetwork({ file, name, out }: ImportNetworkTask): Promise<ImportedNetwork> {
  const title = cutText(name.replace(/\.[^.]+$/, '').trim(), 200) || 'network'
  const foreign = /\.keras$/i.test(name) ? await readKeras(file, title, name) : convertOnnx(readOnnx(file, name), title, name)
  const { document, report, tensors } = takeNetwork(foreign, name)
  const checked = networkFromDocument(document, name)
  if (tensors.length > 0) writeSafetensors(out, tensors, {}, OWNERS)
  return { document: checked, report }
}
