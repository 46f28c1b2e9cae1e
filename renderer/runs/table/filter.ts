import type { Summary } from '../run-state'
import { isActive } from '../run-state'
import { COLUMNS, valueIn } from './columns'

/** Whether a run fits a filter's expression. */
export type Fits = (run: Summary) => boolean

/** Where in the text, from 0, something is wrong, and what. */
export class FilterError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message)
  }
}

interface Token {
  readonly text: string
  readonly at: number
  readonly quoted: boolean
}

/**
 * An expression as a test: words that a run's name, network, data or tags contain; `tag:wide`, `state:done`, `is:starred`;
 * `rate>0.05`, `blocks>=18`, `seed=2`, `training.init=orthogonal`; `-` for not, `or`, parentheses, quotes. What stands beside
 * each other must all fit.
 *
 * @throws FilterError where it cannot be read.
 */
export function parseFilter(text: string): Fits {
  const tokens = tokensOf(text)
  let place = 0
  const peek = (): Token | undefined => tokens[place]
  const isWord = (token: Token | undefined, word: string): boolean =>
    token !== undefined && !token.quoted && token.text.toLowerCase() === word

  function either(): Fits {
    let left = all()
    while (isWord(peek(), 'or')) {
      const { at } = tokens[place++]!
      if (!peek() || isWord(peek(), ')')) throw new FilterError('after “or” something is missing', at)
      const [a, b] = [left, all()]
      left = (run) => a(run) || b(run)
    }
    return left
  }
  function all(): Fits {
    const parts: Fits[] = []
    while (peek() && !isWord(peek(), 'or') && !isWord(peek(), ')')) parts.push(one())
    return (run) => parts.every((fits) => fits(run))
  }
  function one(): Fits {
    const token = tokens[place++]!
    if (!token.quoted && token.text === '-') {
      const next = peek()
      if (!next) throw new FilterError('after “-” something is missing', token.at)
      const inner = one()
      return (run) => !inner(run)
    }
    if (!token.quoted && token.text === '(') {
      const inner = either()
      if (!isWord(peek(), ')')) throw new FilterError('this parenthesis is not closed', token.at)
      place++
      return inner
    }
    return termOf(token)
  }
  const result = either()
  const rest = peek()
  if (rest) throw new FilterError('this parenthesis was never opened', rest.at)
  return result
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s+|([()])|(-)(?=[^\s])|"([^"]*)"|((?:[^\s()"]|"[^"]*")+)|(")/gy
  for (let match; (match = pattern.exec(text));) {
    const [, parenthesis, minus, quoted, word, open] = match
    const at = match.index
    if (open !== undefined) throw new FilterError('this quotation mark is not closed', at)
    if (parenthesis ?? minus) tokens.push({ text: (parenthesis ?? minus)!, at, quoted: false })
    else if (quoted !== undefined) tokens.push({ text: quoted, at, quoted: true })
    else if (word !== undefined) tokens.push({ text: word, at, quoted: false })
  }
  return tokens
}

function termOf({ text, at, quoted }: Token): Fits {
  const match = quoted ? null : /^([\w.]+)(>=|<=|!=|[:=<>])(.*)$/.exec(text)
  if (!match) {
    const word = text.toLowerCase()
    return (run) => wordsOf(run).includes(word)
  }
  const [, name, sign, raw] = match as unknown as [string, string, string, string]
  const wanted = raw.replace(/"/g, '')
  if (wanted === '') throw new FilterError(`after “${name}${sign}” a value is missing`, at)
  if (name === 'is') return stateOf(wanted, at)
  if (name === 'tag') return (run) => run.tags.some((tag) => tag.toLowerCase().includes(wanted.toLowerCase()))
  return comparison(name, sign, wanted, at)
}

const STATES: Readonly<Record<string, Fits>> = {
  starred: (run) => run.starred,
  archived: (run) => run.archived,
  pinned: (run) => run.pinned,
  active: (run) => isActive(run.state),
}
function stateOf(word: string, at: number): Fits {
  const found = STATES[word.toLowerCase()]
  if (!found) throw new FilterError(`“is:” knows ${Object.keys(STATES).join(', ')}`, at)
  return found
}

function comparison(name: string, sign: string, wanted: string, at: number): Fits {
  const number = Number(wanted)
  const isOrder = sign !== ':' && sign !== '=' && sign !== '!='
  if (isOrder && Number.isNaN(number)) throw new FilterError(`“${wanted}” is not a number`, at)
  const key = keyOf(name)
  return (run) => {
    const value = valueIn(run, key(run))
    if (value === null || value === undefined) return sign === '!='
    if (typeof value === 'number' && !Number.isNaN(number)) {
      if (sign === '>') return value > number
      if (sign === '<') return value < number
      if (sign === '>=') return value >= number
      if (sign === '<=') return value <= number
      return (sign === '!=') !== (value === number)
    }
    if (isOrder) return false
    const [own, word] = [String(value).toLowerCase(), wanted.toLowerCase()]
    if (sign === ':') return own.includes(word)
    return (sign === '!=') !== (own === word)
  }
}

/** A column's key by its own name, or a setting's path by its whole name or its end. */
function keyOf(name: string): (run: Summary) => string {
  if (name in COLUMNS) return () => name
  return ({ settings }) => (name in settings ? name : (Object.keys(settings).find((path) => path.endsWith(`.${name}`)) ?? name))
}

function wordsOf(run: Summary): string {
  return [run.id, run.name, run.preset ?? run.network, run.dataset, ...run.tags, run.note].join(' ').toLowerCase()
}
