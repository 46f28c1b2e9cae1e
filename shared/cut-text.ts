/** Characters of somebody else's text that a sentence repeats. */
const MOST_CHARACTERS = 80
/** Entries of a list that a sentence names. */
const MOST_ENTRIES = 12

/** Characters that a terminal would obey, or that turn the direction of what follows. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A text from outside as it may be shown: what a terminal would obey is written as its escape. */
function shown(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

/** A text from outside as a sentence repeats it: shown, and cut in its middle where it is long, for its ends tell it best. */
export function cutText(text: string, most = MOST_CHARACTERS): string {
  if (text.length <= most) return shown(text)
  const half = Math.floor((most - 1) / 2)
  return `${shown(text.slice(0, half))}…${shown(text.slice(-half))}`
}

/** Names in a row, the first of them where they are many: `a, b, … (30 in all)`. */
export function cutList(names: readonly string[], most = MOST_ENTRIES): string {
  const some = names.slice(0, most).map((name) => cutText(name))
  return names.length > most ? `${some.join(', ')}, … (${names.length} in all)` : some.join(', ')
}
