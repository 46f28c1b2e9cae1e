import { cutText } from './cut-text'
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
  let twice: ReturnType<typeof duplicateKey>
  try {
    const value: unknown = JSON.parse(plain)
    twice = duplicateKey(plain)
    if (!twice) return value
  } catch {
    const before = plain.slice(0, jsonErrorOffset(plain)).split('\n')
    throw new UserError('this is not JSON', {
      place: `${place}, line ${before.length}, column ${before[before.length - 1]!.length + 1}`,
      remedy: 'correct it there',
    })
  }
  throw new UserError(`“${cutText(twice.key)}” is given twice`, {
    place: `${place}, line ${plain.slice(0, twice.at).split('\n').length}`,
    remedy: 'take one of them away',
  })
}

/** The first key that one object of a valid JSON text has twice, and where (JSON.parse would keep the last and say nothing); null for none. */
function duplicateKey(text: string): { readonly key: string; readonly at: number } | null {
  const objects: Set<string>[] = []
  // By hand: a regular expression for strings overflows its stack in one of many megabytes.
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]
    if (mark === '{') objects.push(new Set())
    else if (mark === '}') objects.pop()
    else if (mark === '"') {
      const begin = at
      do at = text.indexOf('"', at + 1)
      while (isEscaped(text, at))
      let next = at + 1
      while (/\s/.test(text[next] ?? '')) next++
      if (text[next] !== ':') continue
      const key = JSON.parse(text.slice(begin, at + 1)) as string
      const keys = objects[objects.length - 1]!
      if (keys.has(key)) return { key, at: begin }
      keys.add(key)
    }
  }
  return null
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text[before - 1] === '\\') before--
  return (at - before) % 2 === 1
}

/** A number or a word of JSON (RFC 8259). */
const numberOrWord = /(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where a string that begins with a quotation mark at `at` ends, behind its last one; −1 where it is none. */
function stringEnd(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const character = text[next]!
    if (character === '"') return next + 1
    if (character < ' ') return -1
    if (character !== '\\') continue
    escape.lastIndex = next
    if (!escape.test(text)) return -1
    next = escape.lastIndex - 1
  }
  return -1
}

/**
 * Where a text stops being JSON: the offset of the first character that does not fit, or the text's length where it ends
 * too soon. JSON.parse knows, but says it in words that differ from engine to engine.
 */
export function jsonErrorOffset(text: string): number {
  let at = 0
  let behind = 0
  /** The next token, not taken yet; of a string its first character. */
  const peek = (): string | undefined => {
    let next = at
    while (' \t\n\r'.includes(text[next] ?? 'x')) next++
    const first = text[next]
    if (first === '"') {
      behind = stringEnd(text, next)
      return behind < 0 ? undefined : first
    }
    if (first !== undefined && '{}[],:'.includes(first)) {
      behind = next + 1
      return first
    }
    numberOrWord.lastIndex = next
    const found = numberOrWord.exec(text)?.[1]
    behind = numberOrWord.lastIndex
    return found
  }
  /** Takes the token that was looked at last. */
  const take = (): void => {
    at = behind
  }
  const skip = (mark: string): boolean => {
    const fits = peek() === mark
    if (fits) take()
    return fits
  }
  const skipName = (): boolean => {
    const fits = peek() === '"'
    if (fits) take()
    return fits && skip(':')
  }
  // What closes the lists that are open, innermost last; no recursion, since a hostile text may open a million.
  const open: ('}' | ']')[] = []
  for (;;) {
    const next = peek()
    if (next === undefined || '}],:'.includes(next)) break
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
