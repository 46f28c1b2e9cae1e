import { closest } from '../closest'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { complaintOf } from '../plain-words'
import { DOCUMENT_VERSION, NetworkDocument } from './document'
import { presets } from './presets'
import type { OptionSpec, Preset, PresetOptions } from './presets/preset'

export interface Geometry {
  readonly input?: readonly [height: number, width: number, channels: number]
  readonly classes?: number
}

/**
 * A network from a preset's words (`proc-resnet-166`, `proc-resnet:blocks=2,planes=4/8/16,input=16x16x3`).
 *
 * @param defaults Geometry of the data, where the words do not say it; else 32×32×3 and 10 classes.
 * @throws UserError that names the word that does not fit.
 */
export function networkFromPreset(words: string, defaults: Geometry = {}): NetworkDocument {
  const colon = words.indexOf(':')
  const head = (colon < 0 ? words : words.slice(0, colon)).trim()
  const { preset, fromName } = findPreset(head, words)
  const given = new Map(fromName)
  const text = colon < 0 ? '' : words.slice(colon + 1)
  for (const part of text.split(',').filter((part) => part.trim() !== '')) {
    const [name, value, ...rest] = part.split('=').map((side) => side.trim())
    if (!name || value === undefined || value === '' || rest.length > 0)
      throw new UserError(`“${part}” is not option=value`, { place: words, remedy: `for example ${preset.example}` })
    if (given.has(name))
      throw new UserError(`${name} is given twice`, {
        place: words,
        remedy: fromName.has(name) ? 'the number in the name says it already' : 'keep one of them',
      })
    given.set(name, value)
  }
  const known = [...preset.options.map((option) => option.name), 'input', 'classes']
  for (const name of given.keys()) {
    if (!known.includes(name))
      throw new UserError(`${preset.name} has no option “${name}”`, {
        place: words,
        remedy: `its options are ${known.join(', ')}`,
      })
  }
  return {
    format: 'normlab/network',
    version: DOCUMENT_VERSION,
    name: words,
    nodes: preset.nodes(readOptions(preset, given, defaults, words)),
  }
}

/**
 * The preset that words are of: `proc-resnet-v1-164` and `proc-resnet-v1:blocks=18` are both of `proc-resnet-v1`.
 *
 * @throws UserError where there is none of that name and depth.
 */
export function presetOf(words: string): Preset {
  return findPreset(words.split(':')[0]!.trim(), words).preset
}

/**
 * A preset's words with the numbers in its name written out as options: `resnet-20:input=16x16x3` is `resnet` with blocks 3 and that
 * input. Nothing is checked but the name.
 *
 * @throws UserError where there is no preset of that name and depth.
 */
export function writtenOut(words: string): { preset: string; options: Record<string, string> } {
  const { preset, fromName } = findPreset(words.split(':')[0]!.trim(), words)
  const colon = words.indexOf(':')
  const parts = colon < 0 ? [] : words.slice(colon + 1).split(',')
  const given = parts.flatMap((part) => {
    const equals = part.indexOf('=')
    return equals > 0 ? [[part.slice(0, equals).trim(), part.slice(equals + 1).trim()] as const] : []
  })
  return { preset: preset.name, options: Object.fromEntries([...fromName, ...given]) }
}

/** The preset that a name means, and the options in it: the N of `resnet-110`, the N and K of `densenet-bc-100-12`. */
function findPreset(head: string, words: string): { preset: Preset; fromName: Map<string, string> } {
  // The longest name first: proc-resnet-v1-164 is not proc-resnet with a depth of “v1”.
  for (const preset of [...presets].sort((a, b) => b.name.length - a.name.length)) {
    if (head === preset.name) return { preset, fromName: new Map() }
    const numbers = head.startsWith(`${preset.name}-`) ? head.slice(preset.name.length + 1) : ''
    const match = /^(\d{1,7})(?:-(\d{1,4}))?$/.exec(numbers)
    if (!match || !preset.depth) continue
    const { perBlock, constant, option, second } = preset.depth
    const depth = Number(match[1])
    const n = (depth - constant) / perBlock
    if (!Number.isInteger(n) || n < 1) {
      const below = Math.max(Math.floor(n), 1)
      const near = [below, below + 1].map((k) => perBlock * k + constant).join(' or ')
      throw new UserError(`depth ${depth} is not ${perBlock}n+${constant}`, {
        place: words,
        remedy: `use ${preset.name}-N with N ${near}`,
      })
    }
    const fromName = new Map([[option, `${n}`]])
    if (match[2] !== undefined) {
      if (second === undefined) throw new UserError(`${preset.name} takes one number`, { place: words })
      fromName.set(second, match[2])
    }
    return { preset, fromName }
  }
  const names = presets.map(({ name }) => name)
  const meant = closest(head.replace(/-\d+$/, ''), names)
  throw new UserError(`there is no preset “${cutText(head)}”`, {
    place: cutText(words),
    remedy: `${meant === undefined ? '' : `perhaps ${meant}; `}the presets are ${names.join(', ')}; a document's file ends in .json`,
  })
}

function readOptions(preset: Preset, given: ReadonlyMap<string, string>, defaults: Geometry, words: string): PresetOptions {
  const refuse = (name: string, text: string, wanted: string): never => {
    throw new UserError(`${cutText(name)}=${cutText(text)} is not ${wanted}`, { place: cutText(words) })
  }
  const spec = (name: string): OptionSpec => preset.options.find((option) => option.name === name)!
  const whole = (name: string, text: string, least: number, most: number): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
    return value >= least && value <= most ? value : refuse(name, text, `a whole number from ${least} to ${most}`)
  }
  const text = (name: string): string => given.get(name) ?? spec(name).default
  const number = (name: string): number => whole(name, text(name), spec(name).least ?? 1, spec(name).most ?? 1e9)
  const list = (name: string): number[] => {
    const parts = text(name).split('/')
    if (parts.length > 16) refuse(name, text(name), 'a list of at most 16 stages')
    return parts.map((part) => whole(name, part, spec(name).least ?? 1, spec(name).most ?? 1e9))
  }
  const word = (name: string): string => {
    const words = spec(name).words ?? []
    return words.includes(text(name)) ? text(name) : refuse(name, text(name), words.join(' or '))
  }
  const decimal = (name: string): number => {
    const { least = 0, most = 1 } = spec(name)
    const value = /^\d{0,6}(\.\d{1,9})?$/.test(text(name)) && text(name) !== '' ? Number(text(name)) : NaN
    return value >= least && value <= most ? value : refuse(name, text(name), `a number from ${least} to ${most}`)
  }
  for (const option of preset.options) ({ number, list, word, decimal })[option.type](option.name)
  const sides = given.get('input')?.split('x')
  if (sides && sides.length !== 3) refuse('input', given.get('input')!, 'height x width x channels, as in 32x32x3')
  const [height, width, channels] = sides?.map((side) => whole('input', side, 1, 8192)) ?? defaults.input ?? [32, 32, 3]
  const classes = given.has('classes') ? whole('classes', given.get('classes')!, 2, 1_000_000) : (defaults.classes ?? 10)
  return { input: [height!, width!, channels!], classes, number, list, word, decimal }
}

/**
 * A network document from what a person hands in.
 *
 * @param candidate Parsed JSON, from wherever.
 * @param place The file's name, for the message.
 * @throws UserError that names the field.
 */
export function networkFromDocument(candidate: unknown, place = 'document'): NetworkDocument {
  const { format, version } = (typeof candidate === 'object' && candidate !== null ? candidate : {}) as {
    format?: unknown
    version?: unknown
  }
  if (format !== 'normlab/network')
    throw new UserError('this is not a network document', { place, remedy: 'one begins with "format": "normlab/network"' })
  if (typeof version === 'number' && version > DOCUMENT_VERSION) {
    throw new UserError(`version ${version} is from a newer NormLab; this one reads up to ${DOCUMENT_VERSION}`, {
      place,
      remedy: 'update NormLab, or save the document for this version',
    })
  }
  const parsed = NetworkDocument.safeParse(candidate)
  if (parsed.success) return parsed.data
  const { path, message } = complaintOf(parsed.error)
  throw new UserError(message, { place: `${place}: ${describePath(candidate, path) || 'document'}` })
}

/** nodes.3.nodes.0.filters → node “stage1”, node “conv1”, filters: people know names, not indices. */
function describePath(document: unknown, path: readonly PropertyKey[]): string {
  const words: string[] = []
  let value: unknown = document
  for (const [i, key] of path.entries()) {
    const child = (value as Record<PropertyKey, unknown> | undefined)?.[key]
    const id = (child as { id?: unknown } | undefined)?.id
    if (typeof key === 'number') words.push(typeof id === 'string' ? `node “${cutText(id)}”` : `entry ${key + 1}`)
    else if (key !== 'nodes' || i === path.length - 1) words.push(cutText(String(key)))
    value = child
  }
  return words.join(', ')
}

/**
 * The network that a front end asked for: a preset's words or a document.
 *
 * @param defaults The data's geometry, for a preset that does not say its own.
 */
export function resolveNetwork(
  choice: string | NetworkDocument,
  defaults: Geometry = {},
): { document: NetworkDocument; preset?: string } {
  return typeof choice === 'string'
    ? { document: networkFromPreset(choice, defaults), preset: choice }
    : { document: networkFromDocument(choice) }
}
