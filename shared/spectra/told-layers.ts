import { z } from 'zod'
import type { LayerOperator } from './layer-operators'

/** The linear layers of weights whose network is not known, as a recorder tells them beside the weights. */

const size = z.number().int().min(1).max(1_000_000)
const name = z.string().min(1).max(1000)
const named = { name, unit: name.nullable() }
const sides = z.tuple([size, size])

const ToldLayer = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('convolution'), ...named, parameter: name },
    shape: z.tuple([size, size, size, size]),
    ...{ sides, stride: size, dilation: size, groups: size },
    padding: z.union([z.literal('same'), z.number().int().min(0).max(1_000_000)]),
  }),
  z.strictObject({ kind: z.literal('dense'), ...named, parameter: name, shape: z.tuple([size, size]) }),
  z.strictObject({
    ...{ kind: z.literal('batch-norm'), ...named, parameter: name, variance: name, epsilon: z.number().min(0).max(1) },
    ...{ sides, channels: size },
  }),
])
export const ToldLayers: z.ZodType<LayerOperator[]> = z.array(ToldLayer).max(100_000)

/** The tensors that a layer has, with their shapes. */
export function tensorsOf(layer: LayerOperator): { readonly name: string; readonly shape: readonly number[] }[] {
  if (layer.kind !== 'batch-norm') return [{ name: layer.parameter, shape: layer.shape }]
  return [layer.parameter, layer.variance].map((tensor) => ({ name: tensor, shape: [layer.channels] }))
}
