import type { PresetInfo } from '../../shared/api'
import { writtenOut } from '../../shared/architecture'
import { isUserError } from '../../shared/errors'
import { checkNetwork } from '../../shared/architecture/check'
import type { NetworkDocument } from '../../shared/architecture/document'

/** `proc-resnet:blocks=2,planes=4/8/16` taken apart. */
export interface PresetWords {
  readonly preset: string
  readonly options: Readonly<Record<string, string>>
}

/** A depth in the name, as in `resnet-20`, becomes the option that it means; words of no preset stay as they are. */
export function parsePresetWords(words: string): PresetWords {
  try {
    return writtenOut(words)
  } catch (error) {
    if (!isUserError(error)) throw error
    return { preset: words.split(':')[0]!.trim(), options: {} }
  }
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
