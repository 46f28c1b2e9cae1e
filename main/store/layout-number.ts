import { createHash } from 'node:crypto'

/** A number that stands for a layout, so that what was stored in another one is told from it: from 1 to 2^31 − 1. */
export function layoutNumber(parts: readonly string[]): number {
  return 1 + (createHash('sha256').update(parts.join('\n')).digest().readUInt32LE(0) % 0x7ffffffe)
}
