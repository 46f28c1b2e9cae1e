/** A found text: the better, the higher; `at` are the places of the letters that were found, for showing them. */
export interface Match {
  readonly score: number
  readonly at: readonly number[]
}

const NOTHING: Match = { score: 0, at: [] }

/** Lower case, without accents, each letter in its place. */
export function plainLetters(text: string): string {
  return Array.from(text, (letter) => {
    const plain = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    return plain.length === letter.length ? plain : letter
  }).join('')
}

const isStart = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)

/**
 * How well a text fits what was typed: every word of it must be found, in any order; whole words and beginnings of words before what lies inside, letters with gaps last.
 *
 * @param query As it was typed.
 * @param text As `plainLetters` has it.
 * @param mayHaveGaps Whether the letters of a word may lie apart, as initials do.
 * @returns null where a word is not found.
 */
export function fuzzyMatch(query: string, text: string, mayHaveGaps = true): Match | null {
  let found = NOTHING
  for (const word of plainLetters(query).split(/\s+/)) {
    if (word === '') continue
    const one = wordMatch(word, text) ?? (mayHaveGaps ? withGaps(word, text) : null)
    if (!one) return null
    found = { score: found.score + one.score, at: [...found.at, ...one.at] }
  }
  return found
}

function wordMatch(word: string, text: string): Match | null {
  const places = (start: number): number[] => Array.from({ length: word.length }, (_, i) => start + i)
  let inside: number | null = null
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isStart(text, at)) {
      const isWhole = at + word.length === text.length || !/[\p{L}\p{N}]/u.test(text[at + word.length]!)
      return { score: 100 + (isWhole ? 20 : 0) - Math.min(20, at / 4), at: places(at) }
    }
    inside ??= at
  }
  if (inside !== null) return { score: 60 - Math.min(20, inside / 4), at: places(inside) }
  return null
}

/** Letters in their order, each at the next beginning of a word where there is one: `nr` finds New Run. */
function withGaps(word: string, text: string): Match | null {
  const at: number[] = []
  let from = 0
  let starts = 0
  for (const letter of word) {
    let next = text.indexOf(letter, from)
    if (next < 0) return null
    if (next !== from || at.length === 0)
      for (let later = next; later >= 0; later = text.indexOf(letter, later + 1))
        if (isStart(text, later)) {
          next = later
          break
        }
    if (isStart(text, next)) starts++
    at.push(next)
    from = next + 1
  }
  const spread = at[at.length - 1]! - at[0]! + 1 - word.length
  // Letters all over a long name say nothing.
  return starts === 0 || spread > 6 * word.length ? null : { score: 10 + (20 * starts) / word.length - Math.min(10, spread), at }
}
