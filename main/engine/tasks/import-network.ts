import { networkFromDocument } from '../../../shared/architecture'
import { cutText } from '../../../shared/cut-text'
import { OWNERS } from '../../files/write-file'
import { readOnnx } from '../../formats/onnx/read'
import { writeSafetensors } from '../../formats/safetensors'
import { convertOnnx } from '../foreign/onnx/convert'
import { takeNetwork } from '../foreign/take'
import type { ImportedNetwork, ImportNetworkTask } from '../questions'

/**
 * Reads another program's network, and writes its weights by our names where all of them came.
 *
 * @throws UserError where the file is none, or is not what it says.
 */
export function importNetwork({ file, name, out }: ImportNetworkTask): ImportedNetwork {
  const title = cutText(name.replace(/\.[^.]+$/, '').trim(), 200) || 'network'
  const { document, report, tensors } = takeNetwork(convertOnnx(readOnnx(file, name), title, name), name)
  const checked = networkFromDocument(document, name)
  if (tensors.length > 0) writeSafetensors(out, tensors, {}, OWNERS)
  return { document: checked, report }
}
