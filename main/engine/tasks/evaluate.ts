import { checkNormValues, expand, networkFromDocument, recordedUnits } from '../../../shared/architecture'
import { ratios } from '../../../shared/norms/ratio'
import { SafetensorsReader, writeSafetensors } from '../../formats/safetensors'
import { NetworkSession } from '../network-session'
import type { EvaluateTask, Evaluation } from '../questions'
import { openWeightsFor } from '../weights'
import { namedTensors, readBatch, readVector } from './tensors'

/** One forward and backward pass in training mode on a file's weights and batch; everything it gives, into a file. */
export async function evaluate(task: EvaluateTask): Promise<Evaluation> {
  const network = expand(networkFromDocument(task.network))
  const weights = await openWeightsFor(network, { file: task.weights, map: task.map })
  const file = SafetensorsReader.open(task.batch)
  try {
    const classes = network.layers[network.logits]!.shape[0]!
    const batch = readBatch(file, '', network.layers[network.input]!.shape, classes)
    checkNormValues(network, batch.size)
    const session = new NetworkSession(network, {
      batch: batch.size,
      threads: task.threads,
    })
    try {
      session.set('parameters', readVector(weights, session.graph.parameters, ['param/', '']))
      const { measures, gradients, logits } = session.differentiate(batch)
      const ratio = ratios(measures.norms)
      writeSafetensors(task.out, [
        { name: 'logits', shape: [batch.size, classes], data: logits },
        { name: 'loss', shape: [1], data: Float32Array.of(measures.loss) },
        ...namedTensors(gradients, session.graph.parameters, 'grad/'),
        { name: 'boundary_norms', shape: [measures.norms.length], data: measures.norms },
        { name: 'ratios', shape: [ratio.length], data: ratio },
      ])
      return {
        loss: measures.loss,
        units: recordedUnits(network),
        norms: measures.norms,
        ratios: ratio,
      }
    } finally {
      session.close()
    }
  } finally {
    weights.close()
    file.close()
  }
}
