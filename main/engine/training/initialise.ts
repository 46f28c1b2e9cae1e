import type { Initialiser, InitialValues } from '../../../shared/configuration'
import {
  branchEnds,
  type ExpandedNetwork,
  type Fans,
  initialDeviation,
  kernelGroups,
  type KernelGroups,
} from '../../../shared/architecture'
import { Random } from '../../../shared/random'
import { type Layout, type Slot, vectorOf } from '../graph/layout'
import { orthonormal } from './orthonormal'

/** Keeps the initial weights apart from a run's other random numbers. */
const INITIAL_STREAM = 2
/** The biases' own, so that kernels are the same whatever the biases are. */
const BIAS_STREAM = 6

/**
 * The parameters before the first step, in their layout: kernels by the initialiser, scales 1, shifts and biases 0, each where its layer says nothing else. The same for
 * the same seed, whatever the device.
 *
 * @param more `zeroGamma`: residual branches start as zero, see `branchEnds`; `biasDeviation`: biases are normal of it.
 */
export function initialParameters(
  network: ExpandedNetwork,
  layout: Layout,
  init: Initialiser,
  seed: number,
  { zeroGamma = false, biasDeviation = 0 }: Partial<InitialValues> = {},
): Float32Array {
  const random = new Random(seed, INITIAL_STREAM)
  const biases = new Random(seed, BIAS_STREAM)
  const values = vectorOf(layout)
  for (const slot of layout.slots) {
    const { start } = network.layers[slot.layer]!.parameters.find(({ name }) => name === slot.local)!
    const part = values.subarray(slot.offset, slot.offset + slot.length)
    if (slot.role === 'bias' && biasDeviation > 0) drawNormal(part, biasDeviation, biases)
    else if ('value' in start) part.fill(start.value)
    else if ('deviation' in start) drawNormal(part, start.deviation, random)
    else {
      drawKernel(part, kernelGroups(network.layers[slot.layer]!, slot.shape), slot, start, init, random)
      const { factor = 1 } = start
      if (factor !== 1) for (let i = 0; i < part.length; i++) part[i] = part[i]! * factor
    }
  }
  if (zeroGamma) {
    const zeroed = new Map(branchEnds(network).map(({ layer, parameter }) => [layer, parameter]))
    // A bias beside it was drawn, and would make its block another map than the identity.
    for (const { layer, local, role, offset, length } of layout.slots)
      if (zeroed.get(layer) === local || (role === 'bias' && zeroed.has(layer))) values.fill(0, offset, offset + length)
  }
  return values
}

function drawKernel(part: Float32Array, groups: KernelGroups, slot: Slot, start: Fans, init: Initialiser, random: Random): void {
  if (init === 'orthogonal' || init === 'delta-orthogonal') return drawOrthogonal(part, groups, slot, init, random)
  const deviation = initialDeviation(start, init)
  if (init.includes('uniform')) {
    const limit = Math.sqrt(3) * deviation
    for (let i = 0; i < part.length; i++) part[i] = limit * (2 * random.uniform() - 1)
  } else drawNormal(part, deviation, random)
}

function drawNormal(part: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < part.length; i++) part[i] = deviation * random.normal()
}

/**
 * `orthogonal` (Saxe et al. 2014): the kernel as a matrix [kh·kw·in, out] has orthonormal columns, or rows where it is wide.
 * `delta-orthogonal` (Xiao et al. 2018): such a matrix [in, out] at the kernel's centre, zeros around it, so that the convolution of
 * stride 1 itself keeps norms. With fewer outputs than inputs no convolution can; its rows are then orthonormal the other way round. A kernel in groups has such a matrix a
 * group, and a depthwise one a channel.
 */
function drawOrthogonal(
  part: Float32Array,
  { groups, leaving }: KernelGroups,
  { shape }: Slot,
  init: 'orthogonal' | 'delta-orthogonal',
  random: Random,
): void {
  const isDelta = init === 'delta-orthogonal' && shape.length === 4
  const taps = isDelta ? shape[0]! * shape[1]! : 1
  // Of each group, on the taps that have any.
  const rows = part.length / (taps * groups * leaving)
  // The tap that SAME padding lays on the pixel itself, for even sides too.
  const tap = isDelta ? Math.floor((shape[0]! - 1) / 2) * shape[1]! + Math.floor((shape[1]! - 1) / 2) : 0
  const own = part.subarray(tap * rows * groups * leaving)
  part.fill(0)
  for (let group = 0; group < groups; group++)
    orthonormal(rows, leaving, random).forEach((value, i) => {
      own[(Math.floor(i / leaving) * groups + group) * leaving + (i % leaving)] = value
    })
}
