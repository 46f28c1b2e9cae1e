/** A column of floats: SQLite has no NaN, so NULL stands for it. */
export function float(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** The bytes of an array that may be a view of a larger buffer. */
export function blob(array: Float32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
