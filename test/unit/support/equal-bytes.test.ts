import { describe, expect, it } from 'vitest'

describe('typed arrays of a test', () => {
  it('are equal where their bytes are, and where vitest finds them so', () => {
    expect({ values: Float32Array.of(1, NaN, -0) }).toEqual({ values: Float32Array.of(1, NaN, -0) })
    expect(Float32Array.of(9, 1, 2).subarray(1)).toStrictEqual(Float32Array.of(1, 2))
    // NaNs of two bit patterns.
    expect(new Float32Array(Uint32Array.of(0x7fc00001).buffer)).toEqual(Float32Array.of(NaN))
  })

  it.each([
    [Float32Array.of(1, 2), Float32Array.of(1, 3)],
    [Float32Array.of(1, 2), Float32Array.of(1)],
    [Float32Array.of(0), Float32Array.of(-0)],
    [Float32Array.of(0), Int32Array.of(0)],
    [Uint8Array.of(7), [7]],
  ])('differ otherwise: %o, %o', (a, b) => expect(a).not.toEqual(b))
})
