import { type Argument, type Option, type Usage, commonOptions } from './arguments'

/** The help of one command. */
export function commandHelp(usage: Usage): string {
  const names = (usage.arguments ?? []).map(({ name, optional }) => (optional ? `[${name}]` : name))
  const required = (usage.options ?? []).filter((option) => option.required).map(({ name, value }) => `--${name} ${value}`)
  return [
    usage.description,
    '',
    `  normlab ${[usage.words, ...names, ...required].join(' ')} [options]`,
    '',
    ...columns([...(usage.arguments ?? []).map(argumentRow), ...[...(usage.options ?? []), ...commonOptions].map(optionRow)]),
    '',
    'Examples:',
    ...usage.examples.map((example) => `  ${example}`),
    '',
  ].join('\n')
}

/** The list of commands. */
export function overview(usages: readonly Usage[], version: string): string {
  return [
    `NormLab ${version}: how well does a deep network preserve the norm of its gradient?`,
    '',
    ...columns(
      usages.map(({ words, arguments: positional = [], description }) => [
        [words, ...positional.map(({ name }) => name)].join(' '),
        description,
      ]),
    ),
    '',
    'NET is a preset with options (proc-resnet:blocks=3), the file of a network document (net.json) or library:ID.',
    'normlab COMMAND --help tells more. Exit status: 0 done, 2 the input was wrong, 1 anything else.',
    '',
  ].join('\n')
}

function argumentRow({ name, description }: Argument): [string, string] {
  return [name, description]
}

function optionRow({ name, value, description }: Option): [string, string] {
  return [`--${name}${value === undefined ? '' : ` ${value}`}`, description]
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
