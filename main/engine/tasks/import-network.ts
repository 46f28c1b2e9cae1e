import { statSync } from 'node:fs'
import { networkFromDocument } from '../../../shared/architecture'
import { cutText } from '../../../shared/cut-text'
import { OWNERS } from '../../files/write-file'
import { readOnnx } from '../../formats/onnx/read'
import { writeSafetensors } from '../../formats/safetensors'
import { openFx } from '../../formats/fx'
import { inOnnx } from '../foreign/fx/in-onnx'
import { readKeras } from '../foreign/keras'
import type { ForeignNetwork } from '../foreign/network'
import { convertOnnx } from '../foreign/onnx/convert'
import { takeNetwork } from '../foreign/take'
import type { ImportedNetwork, ImportNetworkTask } from '../questions'

/** What is done with a network, whose file has so many bytes beside it. */
type Use<R> = (network: ForeignNetwork, beside?: number) => R

/** Files by how they end; another is taken for ONNX. What it opens it closes when it is done with the network. */
const readers: Readonly<Record<string, <R>(file: string, title: string, called: string, use: Use<R>) => R | Promise<R>>> = {
  keras: async (file, title, called, use) => use(await readKeras(file, title, called)),
  onnx(file, title, called, use) {
    const model = readOnnx(file, called)
    return use(convertOnnx(model, title, called), model.beside)
  },
  fx(file, title, called, use) {
    const network = openFx(file, called)
    try {
      return use({ ...convertOnnx(inOnnx(network), title, called), format: 'torch.fx' })
    } finally {
      network.close()
    }
  },
}

/**
 * Reads another program's network, and writes its weights by our names where all of them came.
 *
 * @throws UserError where the file is none, or is not what it says.
 */
export async function importNetwork({ file, name, out }: ImportNetworkTask): Promise<ImportedNetwork> {
  const title = cutText(name.replace(/\.[^.]+$/, '').trim(), 200) || 'network'
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return (readers[ending] ?? readers['onnx']!)(file, title, name, (foreign, beside = 0) => {
    const { document, report, tensors } = takeNetwork(foreign, name, statSync(file).size + beside)
    const checked = networkFromDocument(document, name)
    if (tensors.length > 0) writeSafetensors(out, tensors, {}, OWNERS)
    return { document: checked, report }
  })
}
