import { UserError } from './errors'

/** Larger than any document: a guard against a wrong file. */
const MOST_CHARACTERS = 64e6

/**
 * Parses JSON that came from a file.
 *
 * @param place The file's name, for the message.
 * @throws UserError that names line and column, both from 1.
 */
export function parseJson(text: string, place: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new UserError('the file is too large for a network document', { place })
  const plain = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(plain)
  } catch {
    const before = plain.slice(0, jsonErrorOffset(plain)).split('\n')
    throw new UserError('this is not JSON', {
      place: `${place}, line ${before.length}, column ${before[before.length - 1]!.length + 1}`,
      remedy: 'correct it there',
    })
  }
}

/** White space, then one token of JSON (RFC 8259): a mark, a string, a number or a word. */
const token =
  /[ \t\n\r]*([{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y

/**
 * Where a text stops being JSON: the offset of the first character that does not fit, or the text's length where it ends
 * too soon. JSON.parse knows, but says it in words that differ from engine to engine.
 */
export function jsonErrorOffset(text: string): number {
  let at = 0
  /** The next token, not taken yet. */
  const peek = (): string | undefined => {
    token.lastIndex = at
    return token.exec(text)?.[1]
  }
  const take = (): void => {
    token.lastIndex = at
    token.exec(text)
    at = token.lastIndex
  }
  const skip = (mark: string): boolean => {
    const fits = peek() === mark
    if (fits) take()
    return fits
  }
  const skipName = (): boolean => {
    const fits = peek()?.startsWith('"') ?? false
    if (fits) take()
    return fits && skip(':')
  }
  // What closes the lists that are open, innermost last; no recursion, since a hostile text may open a million.
  const open: ('}' | ']')[] = []
  for (;;) {
    const next = peek()
    if (next === undefined || /^[}\],:]$/.test(next)) break
    take()
    if (next === '[' && !skip(']')) {
      open.push(']')
      continue
    }
    if (next === '{' && !skip('}')) {
      open.push('}')
      if (skipName()) continue
      break
    }
    while (open.length > 0 && skip(open[open.length - 1]!)) open.pop()
    if (open.length === 0 || !skip(',')) break
    if (open[open.length - 1] === '}' && !skipName()) break
  }
  while (at < text.length && /\s/.test(text[at]!)) at++
  return at
}
