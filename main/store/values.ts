/** A column of floats: SQLite has no NaN, so NULL stands for it. */
export function float(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** The bytes of an array that may be a view of a larger buffer. */
export function blob(array: Float32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

/** A count or a number of something; 0 where it is none. */
export function wholeNumber(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : 0
}

/** A number as it was measured; NaN for NULL, which stands for it. */
export function real(value: unknown): number {
  return typeof value === 'number' ? value : NaN
}
