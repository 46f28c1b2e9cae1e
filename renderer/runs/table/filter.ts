import { FilterError, type Fits } from './filter-error'
import type { FilterFields } from './filter-fields'
import { termOf } from './filter-terms'

interface Token {
  readonly text: string
  readonly at: number
  readonly quoted: boolean
}

/** Parentheses and “-” inside each other that anyone reads. */
const DEEPEST = 100

/**
 * An expression as a test: words that a run's name, network, data or tags contain; `tag:wide`, `state:done`, `is:starred`;
 * `rate>0.05`, `test>90%`, `blocks>=18`, `seed=2`, `training.init=orthogonal`, `age<2d`, `#3`; `-` for not, `or`, parentheses,
 * quotes. What stands beside each other must all fit.
 *
 * @throws FilterError where it cannot be read.
 */
export function parseFilter(text: string, fields: FilterFields): Fits {
  const tokens = tokensOf(text)
  let place = 0
  let depth = 0
  const peek = (): Token | undefined => tokens[place]
  const isWord = (token: Token | undefined, word: string): boolean =>
    token !== undefined && !token.quoted && token.text.toLowerCase() === word
  const isEnd = (token: Token | undefined): boolean => token === undefined || isWord(token, 'or') || isWord(token, ')')

  function either(): Fits {
    if (isWord(peek(), 'or')) throw new FilterError('before “or” something is missing', peek()!.at)
    let left = all()
    while (isWord(peek(), 'or')) {
      const { at } = tokens[place++]!
      if (isEnd(peek())) throw new FilterError('after “or” something is missing', at, true)
      const [a, b] = [left, all()]
      left = (run) => a(run) || b(run)
    }
    return left
  }
  function all(): Fits {
    const parts: Fits[] = []
    while (!isEnd(peek())) parts.push(one())
    return (run) => parts.every((fits) => fits(run))
  }
  function one(): Fits {
    const token = tokens[place++]!
    if (token.quoted || (token.text !== '-' && token.text !== '(')) return termOf(token.text, token.at, token.quoted, fields)
    if (++depth > DEEPEST) throw new FilterError(`more than ${DEEPEST} parentheses or “-” inside each other`, token.at)
    const inner = token.text === '-' ? not(token) : group(token)
    depth--
    return inner
  }
  function not({ at }: Token): Fits {
    if (isEnd(peek())) throw new FilterError('after “-” something is missing', at, true)
    const inner = one()
    return (run) => !inner(run)
  }
  function group({ at }: Token): Fits {
    if (isWord(peek(), ')')) throw new FilterError('in this parenthesis something is missing', at, true)
    const inner = either()
    if (!isWord(peek(), ')')) throw new FilterError('this parenthesis is not closed', at, true)
    place++
    return inner
  }
  const result = either()
  const rest = peek()
  if (rest) throw new FilterError('this parenthesis was never opened', rest.at)
  return result
}

const SIGN = String.raw`(?:>=|<=|!=|[=<>])`
const WORD = String.raw`(?:[^\s()"]|"[^"]*")+`
/** A parenthesis, a minus before something, quoted words, or a word; a sign may have spaces around it. */
const TOKEN = new RegExp(
  String.raw`\s+|([()])|(-)(?=[^\s])|"([^"]*)"(?=[\s()]|$)|([\w.]+\s+${SIGN}\s*(?:${WORD})?|[\w.]+${SIGN}\s+${WORD}|${WORD})|(")`,
  'gy',
)

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let match; (match = TOKEN.exec(text));) {
    const [, parenthesis, minus, quoted, word, open] = match
    const at = match.index
    if (open !== undefined) throw new FilterError('this quotation mark is not closed', at, true)
    if (parenthesis ?? minus) tokens.push({ text: (parenthesis ?? minus)!, at, quoted: false })
    else if (quoted !== undefined) tokens.push({ text: quoted, at, quoted: true })
    else if (word !== undefined) tokens.push({ text: word, at, quoted: false })
  }
  return tokens
}
