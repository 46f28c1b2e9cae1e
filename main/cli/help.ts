import { type Argument, type HelpRow, type Option, type Usage, commonOptions, inWords, placeholderOf, wordsOf } from './arguments'

/** Columns of a terminal that a help is written for. */
const WIDTH = 80
/** A left column that is wider has its text on the lines below it. */
const WIDEST_LEFT = 26

/** The help of one command. */
export function commandHelp(usage: Usage): string {
  const names = (usage.arguments ?? []).map(({ name, optional }) => (optional ? `[${name}]` : name))
  const required = (usage.options ?? [])
    .filter((option) => option.required)
    .map((option) => `--${option.name} ${placeholderOf(option)}`)
  return [
    ...wrap(usage.description, WIDTH),
    '',
    ...hanging(`normlab ${[usage.words, ...names, ...required].join(' ')} [options]`, 2, 4),
    '',
    ...columns([...(usage.arguments ?? []).map(argumentRow), ...[...(usage.options ?? []), ...commonOptions].map(optionRow)]),
    ...(usage.sections ?? []).flatMap(({ title, rows }) => ['', title, ...columns(rows)]),
    '',
    'Examples:',
    // A line that goes on is cut as a shell takes it.
    ...usage.examples.flatMap((example) => hanging(example, 2, 6, ' \\')),
    '',
  ].join('\n')
}

/** The list of commands. */
export function overview(usages: readonly Usage[], version: string): string {
  return [
    `NormLab ${version}: how well does a deep network preserve the norm of its gradient?`,
    '',
    ...columns(
      usages.map(({ words, arguments: positional = [], description }) => ({
        left: [words, ...positional.map(({ name }) => name)].join(' '),
        text: description,
      })),
    ),
    '',
    ...wrap(
      'NET is a preset with options (proc-resnet:blocks=3), the file of a network document (net.json), library:ID or run:ID.',
      WIDTH,
    ),
    ...wrap('normlab COMMAND --help tells more. Exit status: 0 done, 2 the input was wrong, 1 anything else.', WIDTH),
    '',
  ].join('\n')
}

function argumentRow({ name, description }: Argument): HelpRow {
  return { left: name, text: description }
}

function optionRow(option: Option): HelpRow {
  const value = option.value === undefined ? '' : ` ${placeholderOf(option)}`
  return { left: `--${option.name}${value}`, text: option.description, words: wordsOf(option) }
}

/** Rows in two columns; what does not fit goes on below, under its own column. */
function columns(rows: readonly HelpRow[]): string[] {
  const width = Math.max(...rows.map(({ left }) => left.length).filter((length) => length <= WIDEST_LEFT), 0)
  const indent = ' '.repeat(width + 4)
  return rows.flatMap(({ left, text, words = [] }) => {
    const room = WIDTH - indent.length
    const lines = [...wrap(text, room), ...(words.length > 0 ? wrap(inWords(words), room) : [])]
    if (left.length > width) return [...hanging(left, 2, 4), ...lines.map((line) => indent + line)]
    return lines.map((line, i) => (i === 0 ? `  ${left.padEnd(width)}  ${line}` : indent + line))
  })
}

/** Lines of at most so many columns; a word that is longer has a line of its own. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A text whose further lines stand further in; each but the last ends with `ending`. */
function hanging(text: string, first: number, further: number, ending = ''): string[] {
  const lines = wrap(text, WIDTH - further - ending.length)
  return lines.map((line, i) => ' '.repeat(i === 0 ? first : further) + line + (i < lines.length - 1 ? ending : ''))
}
