import type { Tensor } from '../../../../shared/ops/graph'
import { elements } from '../../../../shared/ops/op'
import { actingKernel } from '../acting-kernel'
import type { Slot } from '../layout'
import type { GraphContext } from './context'
import { kernelSlots, stretch } from './kernel-slots'
import type { TrainingPass } from './training-pass'

/** What can be looked at while nothing is changed. */
export const PROBE = {
  /** What a step measures; see `Measures`. */
  measures: 'measures',
  /** dE/dθ, in the parameters' layout. */
  gradients: 'gradients',
  /** Logits of the training pass [batch, classes]. */
  logits: 'logits',
  /** Norm of each boundary's value, then of the logits: says where a forward pass stops being finite. */
  activations: 'activations',
  /** Mean and variance of the channels of boundaries and branches, where they are looked at; see signal.ts. */
  signal: 'signal',
  /** Some kernels behind one another, as they act. */
  snapshot: 'snapshot',
} as const

/** Of a training pass: all but its gradients, which have their name where they are made. */
export function passProbes({ g }: GraphContext, { wide, logits, activations }: TrainingPass): void {
  g.named(PROBE.measures, wide)
  g.named(PROBE.logits, logits)
  g.named(PROBE.activations, g.normsOfHalves(activations()))
}

/** Of the kernels by which some layers act. @returns those that they are or are made of, in the order in which they come. */
export function snapshotProbe({ g, network, parameters, value }: GraphContext, layers: readonly number[]): readonly Slot[] {
  const looked = kernelSlots(layers, parameters)
  if (looked.length === 0) return looked
  const read = ({ offset, length }: Slot): Tensor =>
    stretch(g, value, g.integers([offset]), g.integers([offset + length]), length)
  const parts = looked.map((slot) => {
    const layer = network.layers[slot.layer]!
    if (!layer.op.actingKernel) return read(slot)
    const own = parameters.slots.filter((other) => other.layer === slot.layer)
    return g.within(`${PROBE.snapshot}/${layer.name}`, () => {
      const kernel = actingKernel(g, layer, (name) => {
        const found = own.find(({ local }) => local === name)!
        return g.reshape(read(found), found.shape)
      })
      return g.reshape(kernel, [elements(kernel.shape)])
    })
  })
  // TensorFlow joins two or more.
  g.named(PROBE.snapshot, parts.length > 1 ? g.concatenate(parts, 0, [-1]) : parts[0]!)
  return looked
}
