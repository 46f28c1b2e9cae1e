import { ops, type Shape } from '../../ops'
import type { ForeignLayer } from './layer'

/** The shape of what leaves a layer; null where it cannot be told, as behind a layer that we do not have. */
export function shapeOf({ kind, attributes, inputs }: ForeignLayer, before: readonly (Shape | null)[]): Shape | null {
  const op = ops.get(kind)
  const entering = inputs.map((at) => before[at] ?? null)
  const parsed = op?.attributes.safeParse(attributes)
  if (!op || !parsed?.success || !entering.every((one): one is Shape => one !== null)) return null
  try {
    return op.shape(entering, parsed.data)
  } catch {
    // Whoever opens the document says what does not fit.
    return null
  }
}

/** The same of each layer. */
export function shapesOf(layers: readonly ForeignLayer[]): (Shape | null)[] {
  const shapes: (Shape | null)[] = []
  for (const layer of layers) shapes.push(shapeOf(layer, shapes))
  return shapes
}
