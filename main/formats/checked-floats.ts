/** Values in single precision, and in words what among them no arithmetic takes; null where all are finite. */
export interface CheckedFloats {
  readonly values: Float32Array
  readonly fault: string | null
}

/**
 * Tells a value that is none from one that is finite in the file and beyond what single precision holds.
 *
 * @param own The values as the file has them, where that is wider.
 */
export function checkFloats(values: Float32Array, own?: ArrayLike<unknown>): CheckedFloats {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return { values, fault: null }
  const isBeyond = own instanceof Float64Array && Number.isFinite(own[at])
  return { values, fault: isBeyond ? `${own[at]}, beyond the ±3.4e38 of single precision` : 'a value that is not finite' }
}
