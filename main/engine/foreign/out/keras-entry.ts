import type { KerasMade } from '../../../../shared/architecture/source/keras'
import type { WrittenArray } from '../../../formats/hdf5-write'

/** A layer or an operation as a file of Keras has it: `layers.Conv2D`, `ops.GetItem`. */
export interface KerasEntry extends KerasMade {
  /** Its weights, where they are others than those of the layer that it is: `vars/0`. */
  readonly arrays?: readonly WrittenArray[]
  /** What it is called with, its values given; they alone, as a list where they are several, where this is not told. */
  readonly args?: (tensors: readonly unknown[]) => readonly unknown[]
  readonly kwargs?: Readonly<Record<string, unknown>>
}

/** An array that a call takes. */
export function written(dims: readonly number[], values: ArrayLike<number>): unknown {
  let rows: unknown[] = [...(values as Float32Array)]
  for (const side of dims.slice(1).reverse())
    rows = Array.from({ length: rows.length / side }, (_, at) => rows.slice(at * side, (at + 1) * side))
  return { class_name: '__numpy__', config: { value: rows, dtype: 'float32' } }
}
