/** The part of the input that one entry of a value sees, along a side, pixels. */
export interface Field {
  readonly size: number
  /** Pixels of the input from one entry to the next. */
  readonly jump: number
}

/** What sees all of the input. */
const ALL: Field = { size: Infinity, jump: Infinity }

/** The field of a value that is made of several: as wide as the widest. Null where one is not known. */
export function widest(fields: readonly (Field | null)[]): Field | null {
  if (fields.includes(null) || fields.length === 0) return null
  const known = fields as readonly Field[]
  return { size: Math.max(...known.map(({ size }) => size)), jump: Math.max(...known.map(({ jump }) => jump)) }
}

/** The field of a product: what a gate makes of the whole image and weighs another value with is not counted. */
export function weighed(fields: readonly (Field | null)[]): Field | null {
  const partial = fields.filter((field) => field?.size !== Infinity)
  return widest(partial.length > 0 ? partial : fields)
}

/** The field behind a window (Araujo, Norris and Sim 2019, equation 2): size + (window − 1)·jump, jump·stride. */
export function through(
  field: Field | null,
  window: { readonly size: number; readonly stride: number } | 'all' | null | undefined,
): Field | null {
  if (!field || !window) return field
  if (window === 'all' || field.size === Infinity) return ALL
  return { size: field.size + (window.size - 1) * field.jump, jump: field.jump * window.stride }
}

/** The field after `copies` blocks of which one takes `before` to `after`. */
export function spread(before: Field | null, after: Field | null, copies: number): Field | null {
  if (!before || !after) return null
  if (after.size === Infinity) return ALL
  // Each copy adds as much where none strides; a window that strides over a single pixel sees all of it.
  return after.jump === before.jump ? { size: before.size + copies * (after.size - before.size), jump: after.jump } : ALL
}
