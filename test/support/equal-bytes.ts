import { expect } from 'vitest'

const KNOWN = Symbol.for('normlab.equalBytes')

/**
 * Typed arrays of one kind and of the same bytes are equal. Vitest finds that out entry by entry, which takes two seconds for half a million
 * numbers; where bytes differ it is left to say so, and where.
 */
function haveEqualBytes(a: unknown, b: unknown): true | undefined {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor) return undefined
  const [left, right] = [a, b].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return left!.equals(right!) || undefined
}

// Files that share a process read this each, and what knows of one tester asks it each time that it was told of it.
const world = globalThis as { [KNOWN]?: true }
if (!world[KNOWN]) expect.addEqualityTesters([haveEqualBytes])
world[KNOWN] = true
