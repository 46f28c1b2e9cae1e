/**
 * A count with its thing: `1 image`, `0 images`, `1,200 images`, `2 classes`.
 *
 * @param many What several are called; the thing with -s, or -es after an s, where absent.
 */
export function countWords(count: number, thing: string, many = `${thing}${thing.endsWith('s') ? 'es' : 's'}`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? thing : many}`
}
