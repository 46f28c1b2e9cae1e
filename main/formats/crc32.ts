/** The check sum of zip, gzip and PNG (ISO 3309, polynomial 0x04C11DB7 reflected), over four bytes at a time. */

const TABLES = Array.from({ length: 4 }, () => new Uint32Array(256))
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  TABLES[0]![byte] = value
}
for (let table = 1; table < 4; table++)
  for (let byte = 0; byte < 256; byte++) {
    const before = TABLES[table - 1]![byte]!
    TABLES[table]![byte] = (before >>> 8) ^ TABLES[0]![before & 255]!
  }

/** The sum of what comes in pieces. */
export class Crc32 {
  private state = 0xffffffff

  add(bytes: Uint8Array): void {
    const [zero, one, two, three] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
    let sum = this.state
    let i = 0
    for (; i + 4 <= bytes.length; i += 4) {
      sum ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
      sum = three[sum & 255]! ^ two[(sum >>> 8) & 255]! ^ one[(sum >>> 16) & 255]! ^ zero[sum >>> 24]!
    }
    for (; i < bytes.length; i++) sum = (sum >>> 8) ^ zero[(sum ^ bytes[i]!) & 255]!
    this.state = sum
  }

  get value(): number {
    return (this.state ^ 0xffffffff) >>> 0
  }
}

export function crc32(bytes: Uint8Array): number {
  const sum = new Crc32()
  sum.add(bytes)
  return sum.value
}
