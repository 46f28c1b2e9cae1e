import GithubSlugger from 'github-slugger'
import { marked, type Token, type Tokens } from 'marked'
import { UserError } from '../../shared/errors'
import { textOf, type ManualElement, type ManualNode, type ManualPage, type ManualTag } from '../../shared/manual'

/**
 * Takes a page of `docs/` apart.
 * @param markdown GitHub's dialect, without HTML.
 * @param place The file, for what is said of a fault in it.
 * @param picture Where the pages find a picture, by its address in the file.
 * @throws UserError for HTML, and for a page without a title.
 */
export function manualPage(markdown: string, place: string, picture: (address: string) => string): ManualPage {
  const slugger = new GithubSlugger()
  const nodes = marked.lexer(markdown, { gfm: true }).flatMap((token) => block(token))
  const title = nodes.find((node) => typeof node !== 'string' && node.tag === 'h1')
  if (!title) throw new UserError('the page has no title', { place, remedy: 'begin it with a line like "# Runs"' })
  return { title: textOf(title), nodes }

  function block(token: Token): ManualNode[] {
    switch (token.type) {
      case 'space':
      case 'def':
        return []
      case 'heading': {
        const { depth, tokens, text } = token as Tokens.Heading
        return [{ ...element(`h${Math.min(depth, 4)}` as ManualTag, inline(tokens)), id: slugger.slug(withoutMarks(text)) }]
      }
      case 'paragraph':
        return [element('p', inline(token.tokens))]
      case 'code':
        return [element('pre', [element('code', [(token as Tokens.Code).text])])]
      case 'blockquote':
        return [element('blockquote', blocks(token.tokens))]
      case 'hr':
        return [element('hr', [])]
      case 'list': {
        const { ordered, items } = token as Tokens.List
        return [
          element(
            ordered ? 'ol' : 'ul',
            items.map((item) => element('li', blocks(item.tokens))),
          ),
        ]
      }
      case 'table': {
        const { header, rows } = token as Tokens.Table
        const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td'): ManualElement =>
          element(
            'tr',
            cells.map((cell) => element(tag, inline(cell.tokens))),
          )
        return [
          element('table', [
            ...(header.some(({ text }) => text) ? [element('thead', [row(header, 'th')])] : []),
            element(
              'tbody',
              rows.map((cells) => row(cells, 'td')),
            ),
          ]),
        ]
      }
      case 'text':
        return inline((token as Tokens.Text).tokens ?? [token])
      default:
        throw new UserError(`"${token.raw.slice(0, 40)}" is ${token.type}, which the guide does not have`, { place })
    }
  }

  function blocks(tokens: readonly Token[] = []): ManualNode[] {
    return tokens.flatMap((token) => block(token))
  }

  function inline(tokens: readonly Token[] = []): ManualNode[] {
    return tokens.flatMap((token): ManualNode[] => {
      switch (token.type) {
        case 'text':
          return token['tokens'] ? inline(token['tokens'] as Token[]) : [words((token as Tokens.Text).text)]
        case 'escape':
          return [(token as Tokens.Escape).text]
        case 'strong':
        case 'em':
        case 'del':
          return [element(token.type, inline(token['tokens'] as Token[]))]
        case 'codespan':
          return [element('code', [(token as Tokens.Codespan).text])]
        case 'br':
          return [element('br', [])]
        case 'link': {
          const { href, tokens: inner } = token as Tokens.Link
          return [{ ...element('a', inline(inner)), href: href.replace(/^([\w-]+)\.md(?=#|$)/, '$1') }]
        }
        case 'image': {
          const { href, text } = token as Tokens.Image
          return [{ ...element('img', []), src: picture(href), alt: text }]
        }
        default:
          throw new UserError(`"${token.raw.slice(0, 40)}" is ${token.type}, which the guide does not have`, { place })
      }
    })
  }
}

function element(tag: ManualTag, children: readonly ManualNode[]): ManualElement {
  return { tag, children }
}

/** Lines of a paragraph are one line to a reader. */
function words(text: string): string {
  return text.replace(/\n/g, ' ')
}

/** A heading's words without the marks of code and emphasis. */
function withoutMarks(text: string): string {
  return text.replace(/[`*]/g, '')
}
