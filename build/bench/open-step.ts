import { elements } from '../../shared/ops/op'
import { NetworkSession, type NetworkSessionOptions } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, inspectNetwork, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'

/** A preset's training step on random images, as the peer program has it: SGD, momentum 0.9, weight decay 1e-4, rate 0.01. */
export function openStep(
  preset: string,
  batch: number,
  options: Partial<NetworkSessionOptions>,
): { session: NetworkSession; step: () => number; flops: number } {
  const document = networkFromPreset(preset)
  const network = expand(document)
  const session = new NetworkSession(network, {
    batch,
    optimiser: { momentum: 0.9, nesterov: false, weightDecay: 1e-4 },
    ...options,
  })
  session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 0))
  const random = new Random(0)
  const pixels = elements(network.layers[network.input]!.shape)
  const images = Float32Array.from({ length: batch * pixels }, () => random.normal())
  const labels = Int32Array.from({ length: batch }, () => random.integer(10))
  let taken = 0
  const step = (): number => {
    const measured = session.step({ images, labels }, 0.01, ++taken).norms.length
    session.project()
    return measured
  }
  // The way back costs each convolution twice more: by its input and by its kernel.
  return { session, step, flops: 3 * batch * inspectNetwork(document, network).flops }
}
