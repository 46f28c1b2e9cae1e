import type { Hdf5Array } from '../../formats/hdf5'
import type { KerasOutcome, KerasWorld, Make } from './keras-layers'
import type { ForeignTensor } from './network'

/** Numbers that a Keras program was written with, or took from its data, and does not learn. */

/** As many of one number. */
export const constant = (value: number, length: number): ForeignTensor => ({
  shape: [length],
  order: 'own',
  read: () => new Float32Array(length).fill(value),
})

/** Whether a call has one value and one number. */
function isOneNumber({ sources, numbers, constants }: KerasWorld['call']): boolean {
  return sources.length === 1 && numbers.length === 1 && constants.length === 0
}

/** Added to all values. A shift is learned here. */
export function plusNumber({ call }: KerasWorld): KerasOutcome {
  const [number] = call.numbers as readonly [number]
  if (!isOneNumber(call)) return { why: 'it adds more than one number, or to more than one value' }
  return {
    ...{ kind: 'shift', tensors: { shift: constant(number, 1) } },
    approximated: 'a number that the program adds is learned here',
  }
}

/** All values times it; of a ReLU that ends at 6 behind a sum with 3 a sixth is the hard sigmoid. */
export function timesNumber({ call, list, places, axes }: KerasWorld): KerasOutcome {
  const [number] = call.numbers as readonly [number]
  if (!isOneNumber(call)) return { why: 'it multiplies by more than one number, or more than one value' }
  const [clipped] = places as readonly [number]
  const { kind, attributes, inputs } = list.layers[clipped]!
  const sum = inputs[0] ?? clipped
  const isClipped = kind === 'clipped-relu' && (attributes['most'] ?? 6) === 6
  if (
    !isClipped ||
    Math.fround(number) !== Math.fround(1 / 6) ||
    list.layers[sum]!.kind !== 'shift' ||
    !isThree(list.tensors[sum]!.shift)
  )
    return { kind: 'scale', attributes: { value: number, learned: false } }
  return {
    leaves: axes,
    build: (into, name) => {
      for (const one of [clipped, sum]) into.spare(one)
      return into.add({ name, kind: 'hard-sigmoid', attributes: {}, inputs: list.layers[sum]!.inputs })
    },
  }
}
const isThree = (shift: ForeignTensor | undefined): boolean => shift?.read().join() === '3'

/** A factor and an offset for each channel of the images: a convolution of one pixel, channel by channel, that is learned here. */
export function ofChannels(what: string, scale: unknown, offset: unknown, { shape, axes }: KerasWorld): KerasOutcome {
  const channels = shape?.at(-1) ?? 0
  const [factors, offsets] = [scale, offset].map((told) => {
    const row = typeof told === 'number' ? new Array<unknown>(channels).fill(told) : told
    return Array.isArray(row) && row.length === channels && row.every((one) => typeof one === 'number')
      ? (row as number[])
      : undefined
  })
  if (axes !== 'image' || !factors || !offsets) return { why: 'its numbers are not one for each channel of an image' }
  return {
    ...{ kind: 'depthwise-conv2d', attributes: { size: 1, bias: true } },
    tensors: { kernel: of([1, 1, channels, 1], factors), bias: of([channels], offsets) },
    approximated: `numbers of the program for each channel (${what}) are learned here, as a convolution of one pixel`,
  }
}
const of = (shape: readonly number[], values: readonly number[]): ForeignTensor => ({
  ...{ shape, order: 'own' },
  read: () => Float32Array.from(values),
})

/** (x − mean)/deviation of the data that it was adapted to, or as it is told; the other way round where it inverts. */
export const normalisation: Make = (config, world) => {
  const { axis, invert, mean: told, variance: toldVariance } = config
  const last = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis
  if (last !== -1 && last !== 3) return { why: 'it is along other axes than the channels' }
  const [mean, variance] = [told ?? stored(world.stored(0)), toldVariance ?? stored(world.stored(1))].map((one) => numbersIn(one))
  if (!mean || !variance || mean.length !== variance.length) return { why: 'its numbers are not in the file' }
  const deviation = variance.map((one) => Math.max(Math.sqrt(one), EPSILON))
  const factors = invert === true ? deviation : deviation.map((one) => 1 / one)
  const offsets = invert === true ? mean : mean.map((one, i) => -one * factors[i]!)
  const all = (row: readonly number[]): unknown => (row.length === 1 ? row[0] : row)
  return ofChannels('Normalization', all(factors), all(offsets), world)
}
/** Keras's, https://keras.io/api/layers/preprocessing_layers/numerical/normalization/. */
const EPSILON = 1e-7
const stored = (array: Hdf5Array | undefined): unknown => array && Array.from(array.read())
/** A number, or a list of lists of them. */
function numbersIn(told: unknown): readonly number[] | undefined {
  const all = [told].flat(8) as unknown[]
  return all.length > 0 && all.every((one) => typeof one === 'number') ? (all as number[]) : undefined
}
