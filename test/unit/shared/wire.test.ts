import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage, fromBase64, toBase64 } from '../../../shared/wire'

const anyFloat = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 0))
const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  anyFloat,
  fc.array(anyFloat).map((values) => Float32Array.from(values)),
  fc.array(anyFloat).map((values) => Float64Array.from(values)),
  fc.uint8Array(),
  fc.int32Array(),
)
const key = fc.oneof(fc.string(), fc.constantFrom('$f32', '$n', '$$n', '$', '__proto__', 'constructor'))
const message = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((entries) => Object.fromEntries(entries) as unknown),
  ),
})).value

describe('the wire', () => {
  it('carries every message over unchanged, typed arrays and odd numbers included', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeMessage(encodeMessage(value))).toEqual(value)
      }),
    )
  })

  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', ''])('knows no number by the name of “%s”', (name) => {
    expect(() => decodeMessage(JSON.stringify({ $n: name }))).toThrow('unknown number in message')
  })

  it('keeps the bits of NaNs in an array', () => {
    const array = new Float32Array(Uint32Array.of(0x7fc00001, 0xffc12345).buffer)
    const arrived = decodeMessage(encodeMessage({ array })) as { array: Float32Array }
    expect(new Uint32Array(arrived.array.buffer)).toEqual(Uint32Array.of(0x7fc00001, 0xffc12345))
  })

  it('encodes only the part of a buffer that an array shows', () => {
    const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3)
    expect(decodeMessage(encodeMessage(part))).toEqual(Float32Array.of(2, 3))
  })

  it('agrees with Node on base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  it('refuses what no encoder wrote, and sets no prototype', () => {
    for (const text of [
      '{',
      '{"$f32":3}',
      '{"$f32":"AAA"}',
      '{"$f32":"AAAA"}',
      '{"$f64":"A*=="}',
      '{"$n":"12"}',
      '{"$x":1}',
      '{"$f32":"é==="}',
    ])
      expect(() => decodeMessage(text), text).toThrow(SyntaxError)
    const value = decodeMessage('{"__proto__":{"admin":true}}') as { admin?: boolean }
    expect(value.admin).toBeUndefined()
  })
})
