/** A file on its way to the lab, by its path below what was chosen. */
export interface SentFile {
  readonly path: string
  readonly file: Blob
}

const BLOCK = 512

/**
 * Files as one tar (POSIX ustar, long names by pax headers), as a blob of blobs: nothing is read before it is sent.
 */
export function tarOf(files: readonly SentFile[]): Blob {
  const parts: (Blob | Uint8Array<ArrayBuffer>)[] = []
  for (const { path, file } of files) {
    const name = encode(path)
    // A path that has no room in the old header comes before it in a record of its own.
    if (name.length > 100) {
      const record = paxRecord('path', path)
      parts.push(header(encode('pax'), record.length, 'x'), record, padding(record.length))
    }
    parts.push(header(name.slice(0, 100), file.size, '0'), file, padding(file.size))
  }
  parts.push(new Uint8Array(2 * BLOCK))
  return new Blob(parts, { type: 'application/x-tar' })
}

const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text))
const padding = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array((BLOCK - (bytes % BLOCK)) % BLOCK)

function header(name: Uint8Array, bytes: number, type: string): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => block.set(encode(text), at)
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`
  block.set(name, 0)
  put(100, octal(0o644, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, octal(bytes, 11))
  put(136, octal(0, 11))
  put(148, '        ')
  put(156, type)
  put(257, 'ustar\0' + '00')
  // The sum is taken with blanks in its own place.
  put(
    148,
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
  return block
}

/** `37 path=…\n`, whose length counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = encode(` ${key}=${value}\n`).length
  let length = rest + 1
  while (String(length).length + rest !== length) length = String(length).length + rest
  return encode(`${length} ${key}=${value}\n`)
}
