/** What `JSON.parse` does not say of a text. */
export interface JsonScan {
  /** The first key that an object has twice, of the outermost object and those right in it; JSON.parse would keep the last and say nothing. */
  readonly duplicate?: string
  /** Whether something lies deeper than anything that is meant; JSON.parse would take memory for all of it. */
  readonly isDeep: boolean
}

/** Objects and lists in one another. */
const MOST_DEPTH = 16
/** Objects in one another whose keys are watched. */
const WATCHED_DEPTH = 2

const QUOTE = 34
const BACKSLASH = 92
const COLON = 58

/** Goes once over a text that should be JSON, in time and memory that its length bounds, whatever it holds. */
export function scanJson(text: string, mostDepth = MOST_DEPTH): JsonScan {
  const keys: Set<string>[] = []
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (letter === 0x7b || letter === 0x5b) {
      if (++depth > mostDepth) return { isDeep: true }
      if (depth <= WATCHED_DEPTH) keys[depth] = new Set()
    } else if (letter === 0x7d || letter === 0x5d) depth--
    else if (letter === QUOTE) {
      const end = endOfString(text, at)
      if (depth <= WATCHED_DEPTH && isKey(text, end)) {
        const key = decoded(text.slice(at, end))
        if (keys[depth]?.has(key)) return { duplicate: key, isDeep: false }
        keys[depth]?.add(key)
      }
      at = end - 1
    }
  }
  return { isDeep: false }
}

/** Behind the quote that closes a string. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return at + 1
  }
  return text.length
}

function isKey(text: string, at: number): boolean {
  while (/\s/.test(text.charAt(at))) at++
  return text.charCodeAt(at) === COLON
}

/** A string's value; as it stands where it is none, which JSON.parse says of the whole text. */
function decoded(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}
