import { closest } from '../../shared/closest'
import type { Axis } from '../../shared/experiments/experiment'
import { freeName } from '../../shared/run-labels'
import { families, settingAt, settings } from '../../shared/settings'
import { fieldOf, readValue, writeValue } from '../../shared/settings/field'

/** Everything that an axis can vary: the network, every setting, and objects of settings as a whole, each with what it is called. */
export const axisPaths: readonly { readonly path: string; readonly label: string }[] = [
  { path: 'network', label: 'Network' },
  ...settings.filter(({ path }) => path !== 'seed').map(({ path, label }) => ({ path, label })),
]

/** What is wrong with the values of a setting that are typed in, in one sentence; null where nothing is. */
export function axisProblem(path: string, text: string): string | null {
  // Whether a preset has such an option, the plan says.
  if (path === 'network' || path.startsWith('network.')) return null
  const setting = settingAt(path)
  if (!setting) {
    if (families.has(path)) return null
    const near = closest(
      path,
      settings.flatMap((one) => [one.path, one.path.slice(one.path.lastIndexOf('.') + 1)]),
    )
    const whole = settings.find((one) => one.path === near || one.path.endsWith(`.${near}`))?.path
    return `There is no setting “${path}”${whole === undefined ? '' : `; perhaps ${whole}`}.`
  }
  for (const part of partsOf(path, text)) {
    const read = readValue(setting, part)
    if (!('value' in read)) return `${setting.label}: ${read.wrong}; it must be ${read.must}.`
  }
  return null
}

/**
 * Values of one setting as an axis: words and numbers separated by commas, or by semicolons where the values themselves have
 * commas (`resnet:blocks=3,widths=4/8; plain:blocks=3`).
 */
export function axisOfValues(path: string, text: string): Axis {
  const short = path.split('.').pop() ?? path
  return {
    name: short,
    variants: partsOf(path, text).map((part) => ({
      label: path === 'network' ? part : `${short} ${part}`,
      set: { [path]: valueOf(path, part) },
    })),
  }
}

function partsOf(path: string, text: string): string[] {
  return text
    .split(text.includes(';') || path === 'network' ? ';' : ',')
    .map((part) => part.trim())
    .filter(Boolean)
}

/** What an axis of one setting was made from; null where it is of another kind. */
export function valuesOfAxis({ variants }: Axis): { path: string; text: string } | null {
  const paths = new Set(variants.flatMap(({ set }) => Object.keys(set)))
  const path = [...paths][0]
  if (paths.size !== 1 || path === undefined) return null
  const texts = variants.map(({ set }) => {
    const value = set[path]
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
  return { path, text: texts.join(path === 'network' || texts.some((text) => text.includes(',')) ? '; ' : ', ') }
}

function valueOf(path: string, text: string): unknown {
  const setting = settingAt(path)
  const read = setting && readValue(setting, text)
  if (read && 'value' in read) return read.value

  if (text === 'true' || text === 'false') return text === 'true'
  if (text !== '' && Number.isFinite(Number(text))) return Number(text)
  if (/^[[{"]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return text
}

type Variant = Axis['variants'][number]

/** What a variant's field of a setting holds; of a value that has no field of its own, a network's document say, its JSON. */
export function textOfVariant({ set }: Variant, path: string): string | boolean {
  const value = set[path]
  const setting = settingAt(path)
  if (setting) return fieldOf(setting).kind === 'switch' ? value === true : writeValue(setting, value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A variant with a setting as its field holds it.
 *
 * @returns what is wrong with the field instead, in one sentence.
 */
export function variantWith(variant: Variant, path: string, held: string | boolean): Variant | string {
  const setting = settingAt(path)
  const read = typeof held === 'boolean' ? { value: held } : setting ? readValue(setting, held) : { value: valueOf(path, held) }
  if (!('value' in read)) return `${setting!.label}: ${read.wrong}; it must be ${read.must}.`
  if (read.value === undefined) return `${setting!.label} is empty: give it a value, or take it out.`
  return { ...variant, set: { ...variant.set, [path]: read.value } }
}

/** A variant with a setting more, at its usual value; a network begins as the smallest of the paper's. */
export function variantAnd(variant: Variant, path: string): Variant {
  const setting = settingAt(path)
  const usual = path === 'network' ? 'proc-resnet:blocks=1' : setting && (fieldOf(setting).default ?? null)
  return { ...variant, set: { ...variant.set, [path]: usual } }
}

/** A variant without one of its settings. */
export function variantWithout({ label, set }: Variant, path: string): Variant {
  const { [path]: _, ...rest } = set
  return { label, set: rest }
}

/** One variant more, called otherwise than the others: a copy of the last, to be changed. */
export function variantsAnd(variants: readonly Variant[]): Variant[] {
  const last = variants[variants.length - 1] ?? { label: 'variant', set: {} }
  return [...variants, { ...last, label: freeName(last.label, new Set(variants.map(({ label }) => label))) }]
}
