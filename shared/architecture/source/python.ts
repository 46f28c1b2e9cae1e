import type { Call } from './pieces'

/** How Python is written: names, values, and lines that are not too long. */

const MOST_WIDTH = 110

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield ' +
    'print range super self torch nn F keras layers x inputs name'
  ).split(' '),
)

/** A node's id as a name of Python. */
export function identifier(id: string): string {
  const name = id.replace(/-/g, '_')
  return KEYWORDS.has(name) ? `${name}_` : name
}

/** `stage2.block1` → `Stage2Block1`. */
export const className = (path: string): string =>
  path
    .split(/[._-]+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')

/** `Stage2Block1`, or `stage2.block1` → `stage2_block1`. */
export const functionName = (path: string): string => identifier(path.replace(/[.-]+/g, '_').toLowerCase())

export const literal = (value: number | boolean | string): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : typeof value === 'number' ? number(value) : value

/** `1e-5` as Python and people write it. */
function number(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

/** `a + b * i` as a person would write it. */
export function stepped(start: string, step: string, variable: string): string {
  if (step === '0') return start
  const grown = step === '1' ? variable : `${step} * ${variable}`
  if (start === '0') return grown
  return step.startsWith('-')
    ? `${start} - ${step === '-1' ? variable : `${step.slice(1)} * ${variable}`}`
    : `${start} + ${grown}`
}

/** A call, and how it is broken where a line cannot take it. */
export interface Text {
  readonly head: string
  readonly parts: readonly (Text | string)[]
  readonly tail: string
  /** Of a comprehension, behind its one part: `for i in range(3)`. */
  readonly walk?: string
}
export const call = (callee: string, parts: readonly (Text | string)[]): Text => ({ head: `${callee}(`, parts, tail: ')' })

export const flat = (text: Text | string): string =>
  typeof text === 'string'
    ? text
    : `${text.head}${text.parts.map(flat).join(', ')}${text.walk === undefined ? '' : ` ${text.walk}`}${text.tail}`

/** Lines of `before text after`, indented. */
export function lines(before: string, text: Text | string, after: string, indent: string): string[] {
  const line = `${indent}${before}${flat(text)}${after}`
  if (line.length <= MOST_WIDTH || typeof text === 'string' || text.parts.length === 0) return [line]
  return [
    `${indent}${before}${text.head}`,
    ...text.parts.flatMap((part) => lines('', part, text.walk === undefined ? ',' : '', `${indent}    `)),
    ...(text.walk === undefined ? [] : [`${indent}    ${text.walk}`]),
    `${indent}${text.tail}${after}`,
  ]
}

/** What a call is given, in the words of where it stands: those that are usual are left out. */
export function told({ arguments: given }: Call, base: number, say: (leaf: number) => string): string[] {
  return given.flatMap(({ name, isPlaced, usual }, at) => {
    const text = say(base + at)
    if (usual !== undefined && text === literal(usual)) return []
    return [name === undefined || isPlaced ? text : `${name}=${text}`]
  })
}

/** A sentence as it may stand within a description. */
export const docstring = (text: string): string => text.replace(/["\\]/g, "'").replace(/\s+/g, ' ')
