/**
 * Messages as text, where the wire is not a structured clone (WebSocket): JSON in which
 *
 * - a typed array is `{"$f32": base64}`, `{"$f64": base64}`, `{"$i32": base64}` or `{"$u8": base64}`, little-endian bytes, bit by bit;
 * - a number that JSON lacks is `{"$n": "NaN" | "Infinity" | "-Infinity" | "-0"}`, and undefined in an array `{"$n": "undefined"}`;
 * - an object that has a key beginning with `$` has one more `$` before it.
 *
 * Pure TypeScript: both ends share this file. Every machine that Electron or a browser runs on is little-endian.
 */
export function encodeMessage(value: unknown): string {
  return JSON.stringify(pack(value))
}

/** @throws SyntaxError where the text is not an encoded message. */
export function decodeMessage(text: string): unknown {
  return unpack(JSON.parse(text))
}

const arrayTypes = { $f32: Float32Array, $f64: Float64Array, $i32: Int32Array, $u8: Uint8Array } as const
const oddNumbers: Readonly<Record<string, number | undefined>> = {
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
  '-0': -0,
  undefined: undefined,
}

function pack(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $n: Object.is(value, -0) ? '-0' : String(value) }
  if (value === undefined) return { $n: 'undefined' }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Float32Array) return { $f32: toBase64(bytesOf(value)) }
  if (value instanceof Float64Array) return { $f64: toBase64(bytesOf(value)) }
  if (value instanceof Int32Array) return { $i32: toBase64(bytesOf(value)) }
  if (value instanceof Uint8Array) return { $u8: toBase64(value) }
  if (Array.isArray(value)) return value.map(pack)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key.startsWith('$') ? '$' + key : key, pack(field)]),
  )
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unpack)
  const entries = Object.entries(value)
  if (entries.length === 1) {
    const [key, content] = entries[0]!
    if (key === '$n') {
      if (typeof content !== 'string' || !Object.prototype.hasOwnProperty.call(oddNumbers, content))
        throw new SyntaxError('unknown number in message')
      return oddNumbers[content]
    }
    if (key === '$f32' || key === '$f64' || key === '$i32' || key === '$u8') return toArray(key, content)
  }
  // fromEntries defines own properties, so a key "__proto__" stays a harmless key.
  return Object.fromEntries(entries.map(([key, field]) => [unescapeKey(key), unpack(field)]))
}

function unescapeKey(key: string): string {
  if (!key.startsWith('$')) return key
  if (!key.startsWith('$$')) throw new SyntaxError(`unknown mark ${key.slice(0, 20)} in message`)
  return key.slice(1)
}

function toArray(kind: keyof typeof arrayTypes, text: unknown): InstanceType<(typeof arrayTypes)[typeof kind]> {
  if (typeof text !== 'string') throw new SyntaxError('array in message is not base64')
  const bytes = fromBase64(text)
  const type = arrayTypes[kind]
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) throw new SyntaxError('array in message has a broken length')
  return new type(bytes.buffer, 0, bytes.length / type.BYTES_PER_ELEMENT)
}

function bytesOf(array: Float32Array | Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const codeOf = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
const PADDING = '='.charCodeAt(0)
const valueOf = new Int16Array(128).fill(-1)
for (let i = 0; i < 64; i++) valueOf[alphabet.charCodeAt(i)] = i

/**
 * Base64 (RFC 4648, with padding). Neither Buffer nor btoa is in both Node and the browser in the form needed here. The characters are
 * made as bytes and become text at once: the curves of a long run are tens of megabytes, and text that grows bit by bit takes seconds of them.
 */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0)
    codes[at++] = codeOf[word >> 18]!
    codes[at++] = codeOf[(word >> 12) & 63]!
    codes[at++] = left > 1 ? codeOf[(word >> 6) & 63]! : PADDING
    codes[at++] = left > 2 ? codeOf[word & 63]! : PADDING
  }
  return new TextDecoder().decode(codes)
}

/** @throws SyntaxError where the text is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw new SyntaxError('base64 has a broken length')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let word = 0
    for (let k = 0; k < 4; k++) {
      const padded = i + k >= text.length - padding
      const value = padded ? 0 : (valueOf[text.charCodeAt(i + k)] ?? -1)
      if (value < 0) throw new SyntaxError('base64 has a character outside its alphabet')
      word = (word << 6) | value
    }
    for (let k = 16; k >= 0 && at < bytes.length; k -= 8) bytes[at++] = (word >> k) & 255
  }
  return bytes
}
