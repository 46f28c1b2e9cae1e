import type { Divergence } from '../protocol'
import type { Batch, NetworkSession } from '../network-session'

/**
 * Finds where a step's numbers stopped being finite. The step has updated nothing, so the same batch shows it again:
 * first in the values on the way forward, else in the gradients on the way back, else in one parameter's gradient.
 */
export function traceDivergence(session: NetworkSession, batch: Batch, step: number): Divergence {
  const { network, graph } = session
  const { units } = network
  const head = network.layers[network.logits]!.name
  // The last of the values are the logits, which leave the layers behind the last unit.
  const values = session.activations(batch)
  const broken = values.findIndex((norm) => !Number.isFinite(norm))
  if (broken === 0 && units.length > 0) return { step, unit: network.layers[units[0]!.input]!.name, what: 'activation' }
  if (broken >= 0) return { step, unit: broken === values.length - 1 ? head : units[broken - 1]!.name, what: 'activation' }

  const { measures, gradients } = session.differentiate(batch)
  if (!Number.isFinite(measures.loss)) return { step, unit: head, what: 'loss' }
  for (let boundary = measures.norms.length - 1; boundary >= 0; boundary--) {
    if (!Number.isFinite(measures.norms[boundary]!)) return { step, unit: units[boundary]?.name ?? head, what: 'gradient' }
  }
  const entry = gradients.findIndex((value) => !Number.isFinite(value))
  const slot = graph.parameters.slots.find(({ offset, length }) => entry >= offset && entry < offset + length)
  return { step, unit: slot?.name ?? 'all parameters together', what: 'gradient' }
}

/** The divergence as a sentence for the reader. */
export function describeDivergence({ step, unit, what }: Divergence, rate: number): { problem: string; remedy: string } {
  const where =
    what === 'loss'
      ? `in the loss itself, behind ${unit}`
      : what === 'activation'
        ? `in the values that leave ${unit}`
        : `in the gradient that comes back through ${unit}`
  return {
    problem: `training stopped being finite at step ${step}, first ${where}`,
    remedy: `all steps before it are kept; try a rate below ${Number(rate.toPrecision(3))} or another initialiser`,
  }
}
