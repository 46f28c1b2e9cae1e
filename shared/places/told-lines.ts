/**
 * How a task tells of its files where its output is all that is read of it (`normlab cell --tell`): pieces of a file as lines of their own among whatever else it prints,
 * `@normlab log 12000 - AbCd…`: which file, from which byte on, how many bytes it has in all where that is known, and the bytes as base64.
 */
export type ToldFile = 'log' | 'end' | 'bundle'

export interface ToldPiece {
  readonly file: ToldFile
  readonly from: number
  /** Null for the log, which grows. */
  readonly total: number | null
  readonly bytes: Uint8Array
}

/** Bytes of a piece; a line of it stays below what services cut long lines at. */
export const PIECE_BYTES = 12_000

const BEGIN = '@normlab '
const LINE = /^@normlab (log|end|bundle) (\d{1,15}) (\d{1,15}|-) ([A-Za-z0-9+/]+={0,2})$/

/** @param encoded Its bytes as base64. The line break in front ends whatever stands unfinished there. */
export function toldLine(file: ToldFile, from: number, total: number | null, encoded: string): string {
  return `\n${BEGIN}${file} ${from} ${total ?? '-'} ${encoded}\n`
}

export const isToldLine = (line: string): boolean => line.startsWith(BEGIN)

/** @param decode From base64. @returns nothing for another line, or one that was cut off. */
export function readToldLine(line: string, decode: (text: string) => Uint8Array): ToldPiece | undefined {
  const [, file, from, total, encoded = ''] = LINE.exec(line) ?? []
  if (file === undefined || encoded.length % 4 !== 0) return undefined
  return { file: file as ToldFile, from: Number(from), total: total === '-' ? null : Number(total), bytes: decode(encoded) }
}
