/** `0.485, 0.456, 0.406` as numbers, none for an empty text; undefined where a part is no number. */
export function channelNumbers(text: string): number[] | undefined {
  if (text.trim() === '') return []
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  return numbers.every(Number.isFinite) ? numbers : undefined
}
