import type { Random } from '../../../../shared/random'

/** A file with something wrong in it: bits turned, numbers made extreme, parts cut, doubled or moved. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = Uint8Array.from(bytes)
  const times = 1 + random.integer(4)
  for (let i = 0; i < times && result.length > 0; i++) result = WAYS[random.integer(WAYS.length)]!(result, random)
  return result
}

type Way = (bytes: Uint8Array, random: Random) => Uint8Array

/** Numbers that lengths and counts go wrong at. */
const EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff]

/** More often near the start, where headers are, or the end, where lists of archives are. */
function somewhere(length: number, random: Random): number {
  const near = Math.min(length, 64)
  switch (random.integer(4)) {
    case 0:
      return random.integer(near)
    case 1:
      return length - 1 - random.integer(near)
    default:
      return random.integer(length)
  }
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

const WAYS: readonly Way[] = [
  (bytes, random) => {
    bytes[somewhere(bytes.length, random)]! ^= 1 << random.integer(8)
    return bytes
  },
  (bytes, random) => {
    bytes[somewhere(bytes.length, random)] = random.integer(256)
    return bytes
  },
  (bytes, random) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const at = somewhere(bytes.length, random)
    if (at + 4 <= bytes.length) view.setUint32(at, EXTREMES[random.integer(EXTREMES.length)]!, random.integer(2) === 0)
    return bytes
  },
  (bytes, random) => bytes.slice(0, somewhere(bytes.length, random)),
  (bytes, random) => {
    const at = somewhere(bytes.length, random)
    return joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.integer(32))))
  },
  (bytes, random) => {
    const at = somewhere(bytes.length, random)
    const from = somewhere(bytes.length, random)
    return joined(bytes.subarray(0, at), bytes.subarray(from, from + 1 + random.integer(200)), bytes.subarray(at))
  },
  (bytes, random) => {
    const at = somewhere(bytes.length, random)
    return bytes.fill(random.integer(2) * 255, at, at + 1 + random.integer(64))
  },
  // A digit of a text, such as a shape's, made another.
  (bytes, random) => {
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39)
    if (digits.length > 0) bytes[digits[random.integer(digits.length)]!] = 0x30 + random.integer(10)
    return bytes
  },
]
