import { checkNormValues, expand, networkFromDocument } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { ratios } from '../../../shared/norms/ratio'
import { SafetensorsReader, writeSafetensors } from '../../formats/safetensors'
import { NetworkSession } from '../network-session'
import type { Replay, ReplayTask } from '../questions'
import { openWeightsFor } from '../weights'
import { namedTensors, readBatch, readVector } from './tensors'

/** The optimiser's steps on a file's batches, to be held against another program's. */
export async function replay(task: ReplayTask): Promise<Replay> {
  const network = expand(networkFromDocument(task.network))
  const weights = await openWeightsFor(network, { file: task.weights, map: task.map })
  const file = SafetensorsReader.open(task.batches)
  let session: NetworkSession | undefined
  try {
    const steps = countSteps(file)
    const classes = network.layers[network.logits]!.shape[0]!
    const losses = new Float32Array(steps)
    const ratioRows = new Float32Array(steps * network.units.length)
    let size = 0
    for (let step = 0; step < steps; step++) {
      const batch = readBatch(file, `/${step}`, network.layers[network.input]!.shape, classes)
      if (step > 0 && batch.size !== size)
        throw new UserError(`it holds ${batch.size} images, the first batch ${size}`, {
          place: `${file.file}: tensor “images/${step}”`,
          remedy: 'make all batches of one size',
        })
      size = batch.size
      if (!session) {
        checkNormValues(network, size)
        session = new NetworkSession(network, {
          batch: size,
          optimiser: { momentum: task.momentum, nesterov: task.nesterov, weightDecay: task.weightDecay },
          projection: task.projection,
          whitening: { layers: task.whitening ? 'all' : 'none' },
          clip: task.clip,
          threads: task.threads,
        })
        session.set('parameters', readVector(weights, session.graph.parameters, ['initial/', 'param/', '']))
      }
      session.whiten()
      const measures = session.step(batch, task.rate)
      if (!measures.finite)
        throw new UserError(`a measure of step ${step} is not finite`, { place: file.file, remedy: 'lower the rate' })
      session.project()
      if ((step + 1) % task.clip.every === 0) session.clip()
      losses[step] = measures.loss
      ratioRows.set(ratios(measures.norms), step * network.units.length)
    }
    writeSafetensors(task.out, [
      { name: 'losses', shape: [steps], data: losses },
      { name: 'ratios', shape: [steps, network.units.length], data: ratioRows },
      ...namedTensors(session!.get('parameters'), session!.graph.parameters, 'final/'),
    ])
    return { losses, steps }
  } finally {
    session?.close()
    weights.close()
    file.close()
  }
}

/** Steps 0 … n−1 that the file has batches for. */
function countSteps(file: SafetensorsReader): number {
  let steps = 0
  while (file.has(`images/${steps}`)) steps++
  if (steps === 0)
    throw new UserError('it holds no batches', { place: file.file, remedy: 'name them images/0, labels/0, images/1, …' })
  return steps
}
