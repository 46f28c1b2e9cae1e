/** Letters at a name's end that are always shown. */
const TAIL = 12

/** A name's beginning, which may be cut, and its end, which is not; short names, and those written from the right, are one part. */
export function cutAt(text: string): [head: string, tail: string] {
  const line = text.replace(/\s+/g, ' ')
  const letters = Array.from(line)
  if (letters.length < 2 * TAIL || FROM_RIGHT.test(line)) return [line, '']
  return [letters.slice(0, -TAIL).join(''), letters.slice(-TAIL).join('')]
}

/** Cut in two, such a text would be read in the wrong order. */
const FROM_RIGHT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
