import type { UserError } from '../../shared/errors'

/** Numbers and text as pickles spell them. */

/** What is wrong, as an error. */
export type PickleFault = (problem: string) => UserError

/** Python 2 writes booleans as the lines 00 and 01. */
export function intLine(line: string, fault: PickleFault): unknown {
  if (line === '00' || line === '01') return line === '01'
  return narrow(integer(line, fault))
}

export function integer(line: string, fault: PickleFault): bigint {
  if (!/^[-+]?\d{1,1000}$/.test(line.trim())) throw fault('a number of it is none')
  return BigInt(line.trim())
}

export function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Little-endian, of any length. */
export function twosComplement(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  return BigInt.asIntN(bytes.length * 8, value)
}

/** `'abc\x00'`, as Python 2 writes an 8-bit string in protocol 0. */
export function quoted(line: string, fault: PickleFault): Uint8Array {
  const inner = /^(['"])(.*)\1\s*$/s.exec(line)?.[2]
  if (inner === undefined) throw fault('a string of it has no quotes')
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }
  const text = inner.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, letter: string) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : (escapes[letter] ?? `\\${letter}`),
  )
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export function rawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, four?: string, eight?: string) => {
    const code = parseInt(four ?? eight ?? '', 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
