import os from 'node:os'
import type { ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { elements, type ParameterRole, type StatisticRole } from '../../../shared/ops/op'

/** Where one tensor lies in a flat vector. */
export interface Slot {
  /** `stage1.block1.conv1.kernel`. */
  readonly name: string
  /** Index of its layer. */
  readonly layer: number
  /** Its name within the layer: `kernel`. */
  readonly local: string
  readonly role: ParameterRole | StatisticRole
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

/**
 * All parameters of a network lie behind one another in one vector, and so do momenta, gradients and moving statistics: an
 * update is a handful of operations on long vectors instead of several small ones for each of thousands of tensors.
 */
export interface Layout {
  readonly slots: readonly Slot[]
  readonly length: number
}

function layOut(network: ExpandedNetwork, of: 'parameters' | 'statistics'): Layout {
  let offset = 0
  const slots = network.layers.flatMap((layer, index) =>
    layer[of].map(({ name, role, shape }) => {
      const slot = { name: `${layer.name}.${name}`, layer: index, local: name, role, shape, offset, length: elements(shape) }
      offset += slot.length
      return slot
    }),
  )
  return { slots, length: offset }
}

export const parameterLayout = (network: ExpandedNetwork): Layout => layOut(network, 'parameters')
export const statisticLayout = (network: ExpandedNetwork): Layout => layOut(network, 'statistics')

/** Moving statistics before any batch was seen: means of 0 and variances of 1. @throws UserError like `vectorOf`. */
export function freshStatistics(layout: Layout): Float32Array {
  const statistics = vectorOf(layout)
  for (const { role, offset, length } of layout.slots) if (role === 'variance') statistics.fill(1, offset, offset + length)
  return statistics
}

/**
 * Zeros for all that lies in a layout.
 *
 * @param memory Of the machine, bytes.
 * @throws UserError where that is less, or no array can be so long.
 */
export function vectorOf({ slots, length }: Layout, memory = os.totalmem()): Float32Array {
  try {
    if (4 * length <= memory) return new Float32Array(length)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  const largest = slots.reduce((most, slot) => (slot.length > most.length ? slot : most))
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  throw new UserError(
    `the network’s numbers take ${gigabytes(4 * length)}, more than this machine (${gigabytes(memory)}) or one array holds`,
    { place: `its largest tensor “${largest.name}”`, remedy: 'make layers narrower, or repeat fewer of them' },
  )
}
