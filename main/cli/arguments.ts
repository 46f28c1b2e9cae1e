import { closest } from '../../shared/closest'
import { cutText } from '../../shared/cut-text'
import { UserError } from '../../shared/errors'

/** An option of a command. Without `value` it is a flag. */
export interface Option {
  /** Without the dashes: `weight-decay`. */
  readonly name: string
  /** What stands for its value in the help: `N`, `FILE`, `svd|newton-schulz`. Words joined by | are the only ones allowed. */
  readonly value?: string
  readonly description: string
  readonly required?: boolean
  /** What other programs call it: whoever writes that is told this one. */
  readonly also?: readonly string[]
  /** May be given more than once. */
  readonly many?: boolean
}

export interface Argument {
  /** As the help shows it: `NET`. */
  readonly name: string
  readonly description: string
  /** Takes all words that are left, at least one; the last argument alone may. */
  readonly many?: boolean
  /** May be left out; the last argument alone may. */
  readonly optional?: boolean
}

/** What a command is called with, and how its help reads. */
export interface Usage {
  /** `runs list` */
  readonly words: string
  readonly description: string
  readonly arguments?: readonly Argument[]
  readonly options?: readonly Option[]
  readonly examples: readonly string[]
  /** Further parts of its help, below the options. */
  readonly sections?: readonly { readonly title: string; readonly rows: readonly HelpRow[] }[]
}

/** A line of a help's columns, with the words that choose, if any, below its text. */
export interface HelpRow {
  readonly left: string
  readonly text: string
  readonly words?: readonly string[]
}

/** Options that every command takes. */
export const commonOptions: readonly Option[] = [
  {
    name: 'home',
    value: 'DIR',
    description: 'data folder with the runs (else NORMLAB_HOME, else the one moved to, else the place of the system)',
  },
  { name: 'json', description: 'one JSON object a line on standard output, and nothing else' },
  { name: 'help', description: 'this text' },
]

/** The words of a command line, taken apart. */
export class Parsed {
  constructor(
    private readonly usage: Usage,
    private readonly positional: readonly string[],
    private readonly given: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** The command's own words: `runs list`. */
  get command(): string {
    return this.usage.words
  }

  /** The value of a positional argument by its name in the usage. */
  argument(name: string): string {
    return this.positional[(this.usage.arguments ?? []).findIndex((argument) => argument.name === name)]!
  }

  /** All words of an argument that takes many. */
  arguments(name: string): readonly string[] {
    return this.positional.slice((this.usage.arguments ?? []).findIndex((argument) => argument.name === name))
  }

  flag(name: string): boolean {
    return this.given.has(name)
  }

  text(name: string): string | undefined {
    return this.given.get(name)?.[0]
  }

  all(name: string): readonly string[] {
    return this.given.get(name) ?? []
  }

  /** @throws UserError where the value is not a finite number. */
  number(name: string): number | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : finiteNumber(text, `--${name}`)
  }

  /** @throws UserError where the value is not a whole number of at least `least`. */
  whole(name: string, least = 0): number | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : wholeNumber(text, `--${name}`, least)
  }
}

export function finiteNumber(text: string, place: string): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!Number.isFinite(value))
    throw new UserError(`"${cutText(text)}" is not a number`, { place, remedy: 'write it like 0.1 or 1e-4' })
  return value
}

export function wholeNumber(text: string, place: string, least = 0): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
  if (!(value >= least))
    throw new UserError(`"${cutText(text)}" is not a whole number of at least ${least}`, {
      place,
      remedy: `write it like ${Math.max(least, 3)}`,
    })
  return value
}

/**
 * Takes a command's words apart: `--name value`, `--name=value`, flags, and `--` before arguments that begin with a dash.
 *
 * @throws UserError for an unknown option, a missing or a needless value, and a missing or a needless argument.
 */
export function parse(usage: Usage, words: readonly string[]): Parsed {
  const options = [...(usage.options ?? []), ...commonOptions]
  const positional: string[] = []
  const given = new Map<string, string[]>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') {
      positional.push(...words.slice(i + 1))
      break
    }
    if (word === '-h') given.set('help', [''])
    else if (!word.startsWith('-') || word === '-') positional.push(word)
    else {
      const equals = word.indexOf('=')
      const option = findOption(options, equals < 0 ? word : word.slice(0, equals), usage)
      let value = equals < 0 ? undefined : word.slice(equals + 1)
      if (option.value === undefined) {
        if (value !== undefined) throw new UserError('takes no value', { place: `--${option.name}` })
        value = ''
      } else if (value === undefined) {
        value = words[++i]
        if (value === undefined || (value.startsWith('--') && value.length > 2))
          throw new UserError('needs a value', {
            place: `--${option.name}`,
            remedy: `write --${option.name} ${placeholderOf(option)}`,
          })
      }
      checkWord(option, value)
      if (given.has(option.name) && !option.many) throw new UserError('is given twice', { place: `--${option.name}` })
      given.set(option.name, [...(given.get(option.name) ?? []), value])
    }
  }
  const parsed = new Parsed(usage, positional, given)
  if (!parsed.flag('help')) checkComplete(usage, positional, given)
  return parsed
}

function findOption(options: readonly Option[], word: string, usage: Usage): Option {
  const found = options.find(({ name }) => word === `--${name}`)
  if (found) return found
  const bare = word.replace(/^-+/, '')
  const near =
    options.find(({ also }) => also?.includes(bare))?.name ??
    closest(
      bare,
      options.map(({ name }) => name),
    )
  throw new UserError(`there is no option ${cutText(word)}`, {
    place: `normlab ${usage.words}`,
    remedy: near ? `perhaps --${near}` : `see normlab ${usage.words} --help`,
  })
}

/** What stands for an option's value: `N`, or `WORD` for one of a few words. */
export function placeholderOf(option: Option): string {
  return wordsOf(option).length > 0 ? 'WORD' : (option.value ?? '')
}

/** The words that an option allows, `svd|newton-schulz`; none for a placeholder in capitals, which allows anything. */
export function wordsOf({ value }: Pick<Option, 'value'>): readonly string[] {
  return value !== undefined && /^[a-z0-9-]+(\|[a-z0-9-]+)+$/.test(value) ? value.split('|') : []
}

function checkWord(option: Option, value: string): void {
  const allowed = wordsOf(option)
  if (allowed.length === 0 || allowed.includes(value)) return
  const near = closest(value, allowed)
  throw new UserError(`"${cutText(value)}" is not one of its words`, {
    place: `--${option.name}`,
    remedy: near === undefined ? `use ${inWords(allowed)}` : `perhaps ${near}`,
  })
}

/** `a, b or c` */
export function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]!}`
}

function checkComplete(usage: Usage, positional: readonly string[], given: ReadonlyMap<string, unknown>): void {
  const place = `normlab ${usage.words}`
  const wanted = usage.arguments ?? []
  const missing = wanted[positional.length]
  if (missing && !missing.optional)
    throw new UserError(`${missing.name} is missing (${missing.description})`, {
      place,
      remedy: `for example ${usage.examples[0]}`,
    })
  if (positional.length > wanted.length && !wanted[wanted.length - 1]?.many)
    throw new UserError(`"${cutText(positional[wanted.length]!)}" is one word too many`, {
      place,
      remedy: `for example ${usage.examples[0]}`,
    })
  for (const { name, value, required } of usage.options ?? [])
    if (required && !given.has(name))
      throw new UserError(`--${name} ${value} is missing`, { place, remedy: `for example ${usage.examples[0]}` })
}
