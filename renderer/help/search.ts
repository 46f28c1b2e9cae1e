import { sectionsOf, type ManualPage } from '../../shared/manual'

export interface Hit {
  /** `runs#states` */
  readonly place: string
  readonly page: string
  /** The page's title where the hit is above its first heading. */
  readonly section: string
  /** Some words around the first hit, cut into what was looked for and what was not. */
  readonly excerpt: readonly { readonly text: string; readonly found: boolean }[]
}

const MOST_HITS = 30
const BEFORE = 40
const AFTER = 110

/**
 * Sections that hold every word, those first that have them in their heading.
 * @param pages In the order of the chapters.
 */
export function searchManual(pages: readonly { readonly name: string; readonly page: ManualPage }[], wanted: string): Hit[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const hits = pages.flatMap(({ name, page }) =>
    sectionsOf(page).flatMap((section) => {
      const [title, text] = [section.title.toLowerCase(), section.text.toLowerCase()]
      if (!words.every((word) => title.includes(word) || text.includes(word))) return []
      const inTitle = words.filter((word) => title.includes(word)).length
      const place = section.id === null ? name : `${name}#${section.id}`
      return [{ place, page: page.title, section: section.title, excerpt: excerptOf(section.text, words), inTitle }]
    }),
  )
  return hits
    .sort((a, b) => b.inTitle - a.inTitle)
    .slice(0, MOST_HITS)
    .map(({ inTitle: _, ...hit }) => hit)
}

function excerptOf(text: string, words: readonly string[]): Hit['excerpt'] {
  const plain = text.replace(/\s+/g, ' ').trim()
  const at = words.map((word) => plain.toLowerCase().indexOf(word)).filter((index) => index >= 0)
  const first = at.length > 0 ? Math.min(...at) : 0
  const begin = first <= BEFORE ? 0 : plain.indexOf(' ', first - BEFORE) + 1
  // Whole words.
  const cut = plain.slice(begin, first + AFTER).replace(first + AFTER < plain.length ? /\s\S*$/ : /$^/, '')
  const shown = `${begin > 0 ? '… ' : ''}${cut}${begin + cut.length < plain.length ? ' …' : ''}`
  return split(shown, words)
}

function split(text: string, words: readonly string[]): Hit['excerpt'] {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text
    .split(new RegExp(`(${escaped.join('|')})`, 'i'))
    .map((part, i) => ({ text: part, found: i % 2 === 1 }))
    .filter((part) => part.text !== '')
}
