import { NAME_TAIL, turnsDirection } from '../../shared/run-labels'

/** A name's beginning, which may be cut, and its end, which is not; short names, and those written from the right, are one part. */
export function cutAt(text: string): [head: string, tail: string] {
  const line = text.replace(/\s+/g, ' ')
  const letters = Array.from(line)
  if (letters.length < 2 * NAME_TAIL || turnsDirection(line)) return [line, '']
  return [letters.slice(0, -NAME_TAIL).join(''), letters.slice(-NAME_TAIL).join('')]
}
