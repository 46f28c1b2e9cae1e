/** The user's guide as the app shows it: `docs/*.md`, taken apart when the pages are built, so that nothing of it is ever shown as markup. */

/** A piece of text, or an element with what is in it. */
export type ManualNode = string | ManualElement

export interface ManualElement {
  readonly tag: ManualTag
  readonly children: readonly ManualNode[]
  /** Of a heading: what an address ends with, as GitHub makes it of the words. */
  readonly id?: string
  /** Of a link: `runs`, `runs#states` and `#states` are places of the guide; what begins with https: lies outside of it. */
  readonly href?: string
  /** Of a picture: where the pages find it. */
  readonly src?: string
  readonly alt?: string
}

export const MANUAL_TAGS = [
  ...(['h1', 'h2', 'h3', 'h4', 'p', 'ul', 'ol', 'li', 'pre', 'blockquote', 'hr'] as const),
  ...(['table', 'thead', 'tbody', 'tr', 'th', 'td'] as const),
  ...(['a', 'img', 'code', 'strong', 'em', 'del', 'br'] as const),
] as const

export type ManualTag = (typeof MANUAL_TAGS)[number]

/** A page of the guide. */
export interface ManualPage {
  readonly title: string
  readonly nodes: readonly ManualNode[]
}

/** What stands under a heading, up to the next heading. */
export interface ManualSection {
  /** Null above the first heading but the title. */
  readonly id: string | null
  readonly title: string
  /** 1 for the page's own title. */
  readonly level: number
  readonly text: string
}

/** The words of a node, as a reader sees them. */
export function textOf(node: ManualNode): string {
  if (typeof node === 'string') return node
  const between = node.tag === 'tr' || node.tag === 'ul' || node.tag === 'ol' || node.tag === 'tbody' ? ' ' : ''
  return node.tag === 'br' ? ' ' : node.children.map(textOf).join(between)
}

/** The page cut at its headings, in their order. */
export function sectionsOf(page: ManualPage): ManualSection[] {
  const sections: { id: string | null; title: string; level: number; text: string }[] = []
  for (const node of page.nodes) {
    const level = typeof node === 'string' ? 0 : ['h1', 'h2', 'h3', 'h4'].indexOf(node.tag) + 1
    if (typeof node !== 'string' && level > 0)
      sections.push({ id: level === 1 ? null : (node.id ?? null), title: textOf(node), level, text: '' })
    else {
      const last = sections.at(-1)
      if (last) last.text += `${textOf(node)} `
    }
  }
  return sections
}
