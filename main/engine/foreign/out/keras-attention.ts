import type { KerasMade } from '../../../../shared/architecture/source/keras'
import type { WrittenArray } from '../../../formats/hdf5-write'
import { type KerasEntry, written } from './keras-entry'
import type { OutgoingWeights } from './weights'

/** Attention and positions in Keras's own layers: MultiHeadAttention takes along the products before and behind an attention, and positions are added as the constant that they are in evaluation. */

const PARTS = ['query_dense', 'key_dense', 'value_dense', 'output_dense'] as const

/** What is made of these layers where Keras has one layer for several. */
export function inOwnLayers(made: readonly KerasMade[], weights: OutgoingWeights): KerasEntry[] {
  const byName = new Map(made.map((one) => [one.name, one]))
  const takers = new Map<string, KerasMade[]>()
  for (const one of made) for (const name of one.inputs) takers.set(name, [...(takers.get(name) ?? []), one])
  const gone = new Set<KerasMade>()
  const joined = new Map<KerasMade, KerasEntry>()
  for (const one of made)
    if (one.layer.op.kind === 'position') joined.set(one, positionOf(one, weights))
    else if (one.layer.op.kind === 'attention') {
      const products = one.inputs.map((name) => byName.get(name))
      const [out, ...others] = takers.get(one.name) ?? []
      const all = [...products, out]
      const isTaken = products.every((product) => product && takers.get(product.name)?.length === 1)
      if (!out || others.length > 0 || !isTaken || new Set(products).size < 3 || !all.every((part) => isProduct(part))) continue
      const parts = all as KerasMade[]
      for (const part of [...parts.slice(0, 3), one]) gone.add(part)
      joined.set(out, attentionOf(one, parts, weights))
    }
  return made.filter((one) => !gone.has(one)).map((one) => joined.get(one) ?? one)
}

/** A convolution of one pixel. */
function isProduct(one: KerasMade | undefined): boolean {
  const { size, stride, groups, dilation } = (one?.layer.attributes ?? {}) as Record<string, number>
  return (
    one?.layer.op.kind === 'conv2d' &&
    size === 1 &&
    stride === 1 &&
    groups === 1 &&
    dilation === 1 &&
    one.call.callee === 'layers.Conv2D'
  )
}

function attentionOf({ layer }: KerasMade, parts: readonly KerasMade[], weights: OutgoingWeights): KerasEntry {
  const [query, key, value, out] = parts as [KerasMade, KerasMade, KerasMade, KerasMade]
  const heads = layer.attributes['heads'] as number
  const widthOf = ({ layer: { shape } }: KerasMade): number => shape[2]!
  const isBiased = parts.some(hasBias)
  return {
    ...{ name: out.name, layer, call: { callee: 'layers.MultiHeadAttention', arguments: [] } },
    config: {
      ...{ num_heads: heads, key_dim: widthOf(query) / heads, value_dim: widthOf(value) / heads },
      ...{ use_bias: isBiased, output_shape: [widthOf(out)], attention_axes: [1, 2], dropout: 0 },
    },
    inputs: [query.inputs[0]!, value.inputs[0]!, key.inputs[0]!],
    args: (tensors) => tensors,
    arrays: attentionArrays(heads, isBiased, parts, weights),
  }
}
const hasBias = ({ layer }: Pick<KerasMade, 'layer'>): boolean => layer.attributes['bias'] === true

/** The weights of one MultiHeadAttention, a head an axis of its own; zeros where one of its products has no bias and another has. */
function attentionArrays(
  heads: number,
  isBiased: boolean,
  parts: readonly KerasMade[],
  weights: OutgoingWeights,
): WrittenArray[] {
  return parts.flatMap(({ layer }, at): WrittenArray[] => {
    const kernel = weights.own(layer, 'kernel')!
    const [entering, leaving] = kernel.dims.slice(2) as [number, number]
    const isOut = at === 3
    const path = `${PARTS[at]}/vars`
    const shape = isOut ? [heads, entering / heads, leaving] : [entering, heads, leaving / heads]
    const bias = hasBias({ layer }) ? weights.own(layer, 'bias')!.values : new Float32Array(leaving)
    return [
      { path: `${path}/0`, shape, values: kernel.values },
      ...(isBiased ? [{ path: `${path}/1`, shape: isOut ? [leaving] : [heads, leaving / heads], values: bias }] : []),
    ]
  })
}

/** A sum with an array that its call takes. */
function positionOf(made: KerasMade, weights: OutgoingWeights): KerasEntry {
  const { dims, values } = weights.own(made.layer, 'shift')!
  const constant = written([1, ...dims], values)
  return { ...made, call: { callee: 'ops.Add', arguments: [] }, config: {}, args: (tensors) => [...tensors, constant] }
}
