import { escape } from '../../charts/xml-text'

/** What XML 1.0 has no place for: control characters and halves of pairs. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Words as the text of an SVG. */
export const xmlText = (words: string): string => escape(words.replace(FORBIDDEN, ''))

/** Words cut so that they fit, by a guess at their width. @param width Pixels. @param size Of the letters, pixels. */
export function fitted(words: string, width: number, size: number): string {
  const most = Math.max(2, Math.floor(width / (size * 0.56)))
  return words.length <= most ? words : `${words.slice(0, most - 1).trimEnd()}…`
}
