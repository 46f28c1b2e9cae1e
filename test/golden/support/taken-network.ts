import path from 'node:path'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { NetworkSession } from '../../../main/engine/network-session'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import { readStatistics, readWeights } from '../../../main/engine/weights'
import { expand } from '../../../shared/architecture'

/**
 * Another program's network as the lab takes it, with its logits of two images beside that program's.
 *
 * @param beside A safetensors file of the `images` and the `logits` that it gave.
 * @param out Where its weights are written.
 */
export async function takenNetwork(
  file: string,
  beside: string,
  out: string,
): Promise<ImportedNetwork & { ours: Float32Array; theirs: Float32Array }> {
  const { document, report } = await importNetwork({ file, name: path.basename(file), out })
  const asked = SafetensorsReader.open(beside)
  const session = new NetworkSession(expand(document), { batch: 2, threads: 1 })
  const weights = SafetensorsReader.open(out)
  try {
    session.set('parameters', readWeights(weights, session.graph.parameters))
    if (session.graph.statistics.length > 0) session.set('statistics', readStatistics(weights, session.graph.statistics))
    return { document, report, ours: session.evaluate(asked.readFloats('images')), theirs: asked.readFloats('logits') }
  } finally {
    for (const open of [asked, weights, session]) open.close()
  }
}
