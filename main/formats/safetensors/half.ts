/**
 * Half precision as single precision, which holds every value of it: nothing is rounded, and subnormal values, infinities and NaN stay
 * what they are.
 */

/** IEEE 754 binary16: a sign, 5 bits of exponent (bias 15), 10 of fraction. */
export function widenFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
  })
}

/** bfloat16: the upper half of a single-precision number. */
export function widenBfloat16(bits: Uint16Array): Float32Array {
  const wide = Uint32Array.from(bits, (half) => half << 16)
  return new Float32Array(wide.buffer)
}
