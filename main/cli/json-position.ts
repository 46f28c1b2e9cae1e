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
  const string = (): boolean => {
    const fits = peek()?.startsWith('"') ?? false
    if (fits) take()
    return fits
  }
  const list = (end: string, entry: () => boolean): boolean => {
    if (skip(end)) return true
    do if (!entry()) return false
    while (skip(','))
    return skip(end)
  }
  const value = (): boolean => {
    const next = peek()
    if (next === undefined || /^[}\],:]$/.test(next)) return false
    take()
    if (next === '{') return list('}', () => string() && skip(':') && value())
    return next === '[' ? list(']', value) : true
  }
  value()
  while (at < text.length && /\s/.test(text[at]!)) at++
  return at
}
