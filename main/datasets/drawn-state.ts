/**
 * The 128-bit state that one image or point of a drawn set comes from. The first word is a one-to-one scrambling of the index, the third
 * one of the split where index and seed are the same: no two of a set, of one split or of two, share a state.
 */
export function drawnState(seed: number, split: string, index: number): number[] {
  const first = scramble(index + 0x9e3779b9)
  const second = scramble(first ^ scramble(seed))
  const third = scramble(second + (split === 'train' ? 1 : 2))
  return [first, second, third, scramble(third ^ first)]
}

/** A one-to-one mixing of 32 bits (`lowbias32`, Wellons 2018). */
function scramble(word: number): number {
  let x = word >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
