import type { PresetInfo } from '../../shared/api'
import { checkNetwork } from '../../shared/architecture/check'
import type { NetworkDocument } from '../../shared/architecture/document'

/** `proc-resnet:blocks=2,planes=4/8/16` taken apart. */
export interface PresetWords {
  readonly preset: string
  readonly options: Readonly<Record<string, string>>
}

export function parsePresetWords(words: string): PresetWords {
  const colon = words.indexOf(':')
  if (colon < 0) return { preset: words.trim(), options: {} }
  const options: Record<string, string> = {}
  for (const part of words.slice(colon + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) options[part.slice(0, equals).trim()] = part.slice(equals + 1).trim()
  }
  return { preset: words.slice(0, colon).trim(), options }
}

/** The words of a preset with its options; those left empty take their default without being named. */
export function presetWords(info: PresetInfo, options: Readonly<Record<string, string>>): string {
  const told = info.options
    .map(({ name }) => [name, (options[name] ?? '').trim()] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
  return told.length ? `${info.name}:${told.join(',')}` : info.name
}

/** The depth that the literature would name: `9n+4` with blocks n; null where the preset has no such rule or n is no number. */
export function literatureDepth(info: PresetInfo, options: Readonly<Record<string, string>>): number | null {
  const rule = /(\d+)n\s*\+\s*(\d+)/.exec(info.depth ?? '')
  const blocks = Number(options['blocks'] || info.options.find(({ name }) => name === 'blocks')?.default)
  return rule && Number.isInteger(blocks) && blocks > 0 ? Number(rule[1]) * blocks + Number(rule[2]) : null
}

/** The depth of what is to be trained: a document's own, as the designer counts it, or the one that the literature would name. */
export function networkDepth(
  own: NetworkDocument | null,
  info: PresetInfo | null,
  options: Readonly<Record<string, string>>,
): number | null {
  if (own) return checkNetwork(own).depth
  return info && literatureDepth(info, options)
}
